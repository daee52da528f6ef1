-- A balance that many share has no limit that users could reach: 90 deposits of the largest amount filled the account `outside`
-- of an asset with eight decimal places, and nobody could deposit after that. One transfer stays a bigint.
alter table accounts alter column balance type numeric(38, 0), alter column held type numeric(38, 0);
