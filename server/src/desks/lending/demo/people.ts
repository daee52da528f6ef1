import { virtualPeople } from '../../demo.ts';

const INVESTOR_NAMES = [
  'Amara Okafor',
  'Björn Lindqvist',
  'Chiara Rossi',
  'Daniel Weiss',
  'Elif Yıldız',
  'Farid Haddad',
  'Grace O’Connor',
  'Hiroshi Tanaka',
  'Isabel Duarte',
  'Jan de Vries',
  'Katarzyna Nowak',
  'Liam Murphy',
];

const BORROWER_NAMES = [
  'Mateo Fernández',
  'Nadia Rahman',
  'Oskar Nilsson',
  'Priya Raman',
  'Quentin Lefèvre',
  'Rosa Almeida',
  'Samuel Adeyemi',
  'Tereza Novotná',
  'Umar Siddiqui',
  'Viktor Horvath',
  'Wen Li',
  'Ximena Castillo',
  'Yusuf Demir',
  'Zoë Janssen',
  'Anna Schmidt',
  'Bruno Costa',
  'Clara Jensen',
  'David Cohen',
];

/** Other investors: what makes loans fill while a newcomer watches. */
export const INVESTORS = virtualPeople('investor', INVESTOR_NAMES);
export const BORROWERS = virtualPeople('borrower', BORROWER_NAMES);
