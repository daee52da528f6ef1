// Loaded before a server that a test starts: its clock is ahead by so many days (behind, where it is negative).
const days = Number(process.env['MILLRACE_TEST_CLOCK_DAYS'] ?? '0');
const realNow = Date.now;
Date.now = () => realNow() + days * 86_400_000;
