/** What becomes of a loan of the demonstration. */
export type Fate =
  /** Takes investments; `percent` of it has come in. */
  | { type: 'open'; percent: number }
  /** Funded, and `paid` instalments have been collected. */
  | { type: 'repaying'; paid: number }
  /** The instalment after the `paid` ones could not be collected. */
  | { type: 'late'; paid: number }
  | { type: 'defaulted'; paid: number }
  | { type: 'repaid' }
  /** Not funded by its deadline; `percent` had come in and went back. */
  | { type: 'expired'; percent: number };

export type Grade = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

export interface CatalogueLoan {
  purpose: string;
  /** Who is paid with the money. */
  merchant: string;
  /** In whole units of the currency. */
  amount: number;
  grade: Grade;
  termMonths: number;
  /** Index of the borrower. Those who do not pay have no other loan. */
  borrower: number;
  fate: Fate;
}

/** Yearly rates by risk grade: the best and the worst of each. */
export const RATES: Readonly<Record<Grade, readonly [min: number, max: number]>> = {
  A: [0.0495, 0.0625],
  B: [0.0675, 0.0825],
  C: [0.0925, 0.1125],
  D: [0.1225, 0.1425],
  E: [0.1575, 0.1775],
  F: [0.1925, 0.2195],
};

function loan(
  purpose: string,
  merchant: string,
  terms: readonly [amount: number, grade: Grade, termMonths: number],
  borrower: number,
  fate: Fate,
): CatalogueLoan {
  const [amount, grade, termMonths] = terms;
  return { purpose, merchant, amount, grade, termMonths, borrower, fate };
}

const open = (percent: number): Fate => ({ type: 'open', percent });
const repaying = (paid: number): Fate => ({ type: 'repaying', paid });
const repaid: Fate = { type: 'repaid' };

/** The forty loans of a new demonstration: every state, most grades, short and long terms. */
export const CATALOGUE: readonly CatalogueLoan[] = [
  loan('Solar panels for a family home', 'sunfield-solar', [18_000, 'A', 60], 0, open(62)),
  loan('Delivery van for a bakery', 'city-van-centre', [24_500, 'B', 48], 1, open(38)),
  loan('Debt consolidation', 'clearwater-credit', [9_200, 'C', 36], 2, open(81)),
  loan('Heat pump instead of an oil boiler', 'nordic-heating', [14_800, 'A', 60], 3, open(17)),
  loan('Espresso machine for a café', 'barista-supply', [6_400, 'C', 24], 4, open(96)),
  loan('Dental treatment', 'smile-dental-clinic', [3_800, 'B', 18], 5, open(99)),
  loan('Workshop tools for a joiner', 'timber-and-tools', [7_500, 'D', 30], 6, open(55)),
  loan('Bathroom renovation', 'aqua-bathrooms', [11_200, 'B', 36], 7, open(8)),
  loan('Electric cargo bikes for a courier', 'urban-cargo-bikes', [12_600, 'C', 36], 8, open(44)),
  loan('Wedding', 'garden-hall-events', [8_000, 'D', 24], 9, open(26)),
  loan('Stock for the Christmas season', 'wholesale-gifts', [15_000, 'E', 12], 10, open(70)),
  loan('Second-hand car', 'autohaus-west', [10_900, 'B', 48], 11, open(0)),
  loan('New roof', 'northside-roofing', [22_000, 'A', 60], 12, open(93)),
  loan('Master’s degree tuition', 'state-university', [16_400, 'B', 60], 13, open(12)),
  loan('Greenhouse for a nursery', 'glass-and-green', [28_000, 'D', 48], 2, open(33)),
  loan('Kitchen renovation', 'oak-street-kitchens', [13_500, 'B', 36], 0, repaying(7)),
  loan('Used tractor', 'farm-machinery-hub', [26_000, 'C', 48], 1, repaying(10)),
  loan('Window replacement', 'clearview-windows', [9_800, 'A', 36], 3, repaying(4)),
  loan('Physiotherapy equipment', 'medequip-direct', [12_000, 'B', 30], 4, repaying(2)),
  loan('Debt consolidation', 'clearwater-credit', [7_400, 'D', 24], 5, repaying(6)),
  loan('Food truck', 'mobile-kitchens', [31_000, 'C', 60], 6, repaying(9)),
  loan('Home office', 'desk-and-light', [4_200, 'A', 18], 7, repaying(5)),
  loan('Recording studio equipment', 'soundhouse', [8_800, 'E', 24], 8, repaying(3)),
  loan('Insulation of an old house', 'warmwall-insulation', [17_500, 'A', 60], 9, repaying(8)),
  loan('Motorcycle', 'two-wheels-garage', [6_900, 'C', 30], 10, repaying(1)),
  loan('Laptop and camera for a freelancer', 'pixel-store', [3_600, 'B', 12], 11, repaying(9)),
  loan('Moving to another city', 'easy-move', [2_800, 'C', 12], 12, repaying(11)),
  loan('Shop fitting for a florist', 'retail-interiors', [14_200, 'D', 36], 13, repaying(1)),
  loan('Refrigerated display cases', 'coldline-equipment', [10_500, 'D', 30], 14, { type: 'late', paid: 4 }),
  loan('Online shop advertising', 'adreach-media', [5_500, 'F', 18], 15, { type: 'late', paid: 2 }),
  loan('Fishing boat engine', 'harbour-marine', [12_800, 'E', 36], 16, { type: 'late', paid: 6 }),
  loan('Stock for a pop-up store', 'wholesale-gifts', [9_000, 'F', 12], 17, { type: 'defaulted', paid: 3 }),
  loan('Used printing press', 'press-and-plate', [19_500, 'E', 48], 15, { type: 'defaulted', paid: 1 }),
  loan('Veterinary bill', 'hillside-vets', [1_900, 'B', 6], 0, repaid),
  loan('Tax prepayment', 'tax-office', [4_400, 'C', 6], 3, repaid),
  loan('Seed and fertiliser', 'green-acre-supply', [8_200, 'C', 9], 6, repaid),
  loan('Trade fair stand', 'expo-builders', [6_000, 'D', 8], 8, repaid),
  loan('Climbing hall extension', 'vertical-walls', [38_000, 'E', 60], 9, { type: 'expired', percent: 41 }),
  loan('Vintage car restoration', 'classic-coachworks', [21_000, 'F', 48], 10, { type: 'expired', percent: 23 }),
  loan('Sailing school', 'harbour-marine', [27_000, 'D', 48], 11, { type: 'expired', percent: 68 }),
];
