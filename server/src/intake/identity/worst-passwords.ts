/**
 * The passwords of at least eight characters that lead every published list of leaked ones: what an attacker with ten
 * guesses would try. Not a dictionary: the limits on failed logins are what guards the rest.
 */
export const WORST_PASSWORDS: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 0123456789 987654321 0987654321 9876543210 123123123 12341234 11111111 111111111
1111111111 00000000 000000000 0000000000 22222222 55555555 66666666 77777777 88888888 99999999 12344321 11223344 112233445566
123456abc 1234abcd abc12345 abcd1234 abcdefgh a1b2c3d4 aa123456 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 q1w2e3r4 q1w2e3r4t5
zaq12wsx qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwer1234 asdfghjk asdfghjkl asdf1234 zxcvbnm1 password passw0rd
password! password1 password12 password123 password1234 p@ssword p@ssw0rd passwort passwort1 motdepasse contraseña
iloveyou iloveyou1 sunshine princess football baseball basketball superman starwars computer internet michelle jennifer
trustno1 whatever letmein1 letmein123 welcome1 welcome123 changeme changeme1 changeme123 default1 admin123 admin1234
administrator millrace millrace1 millrace123 google123 samsung1 liverpool charlie1 chocolate butterfly dragon123 monkey123
master123 shadow123 qazwsxedc qweasdzxc 1g2w3e4r 147258369 789456123 159753456 123654789 myspace1 nicole123 jordan23`.split(
    /\s+/,
  ),
);
