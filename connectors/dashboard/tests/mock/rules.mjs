// Some rules of the demonstration's book, and the people of the made-up world. Everybody is
// invented.
export const BOOK = 'demo 2026-01';

export const RULES = {
  'W-RPT-DECIDE': {
    en: 'Report received, next action decided and recorded: 1 working day',
    cy: 'Hysbysiad wedi dod i law, penderfyniad wedi’i gofnodi: 1 diwrnod gwaith',
    source: 'Wales Safeguarding Procedures, section 3 part 1, page 4',
    weight: 'guidance',
    address: 'https://safeguarding.wales/en/chi-i/chi-i-c3pt1/c3pt1-p4',
  },
  'W-RPT-ACK': {
    en: 'Acknowledgement of the report: 7 working days',
    cy: 'Cydnabyddiaeth o’r hysbysiad: 7 diwrnod gwaith',
    source: 'Wales Safeguarding Procedures, section 2, page 18',
    weight: 'guidance',
    address: '',
  },
  'W-CORE-1': {
    en: 'First core group: 10 working days',
    cy: 'Grŵp craidd cyntaf: 10 diwrnod gwaith',
    source: 'Wales Safeguarding Procedures, section 3 part 2, page 13',
    weight: 'guidance',
    address: '',
  },
  'W-ICPC-OUTLINE': {
    en: 'Initial conference, outline plan and decisions circulated: 5 working days',
    cy: 'Cynhadledd amddiffyn plant gychwynnol, dosbarthu’r cynllun amlinellol: 5 diwrnod gwaith',
    source: 'Wales Safeguarding Procedures, section 3 part 2, page 11',
    weight: 'guidance',
    address: '',
  },
  'W-MISS-RHI': {
    en: 'Return home interview offered: 3 working days',
    cy: 'Cynnig cyfweliad dychwelyd adref: 3 diwrnod gwaith',
    source: 'All Wales Practice Guide, section 5',
    weight: 'advisory',
    address: '',
  },
  'DEMO-ANSWER': {
    en: 'Referral answered: 5 working days',
    cy: 'Ateb i atgyfeiriad: 5 diwrnod gwaith',
    source: 'Dolen demonstration',
    weight: 'local',
    address: '',
  },
  'W-MOVE-CONF': {
    en: 'Transfer-in conference: 15 working days',
    cy: 'Cynhadledd drosglwyddo: 15 diwrnod gwaith',
    source: 'Wales Safeguarding Procedures, section 3 part 2, page 20',
    weight: 'guidance',
    address: '',
  },
};

export const titleOf = (rule) => ({ en: RULES[rule].en, cy: RULES[rule].cy });

/** What the book calls codes; most have no word in it. */
export const WORDS = [
  { code: 'ysgol_y_bont', title: { en: 'Ysgol y Bont (primary)', cy: 'Ysgol y Bont (cynradd)' } },
];

export const PEOPLE = {
  sian: {
    name: 'Siân Enghraifft',
    agency: 'gwynfryn_council',
    roles: ['team_lead', 'practitioner'],
    teams: ['duty', 'care'],
    purposes: ['direct_work', 'safeguarding', 'supervision', 'subject_request', 'emergency'],
    pages: ['worklist', 'children', 'handovers', 'alerts', 'numbers', 'rules', 'audit'],
  },
  tomos: {
    name: 'Tomos Prawf',
    agency: 'camhs_dyffryn',
    roles: ['practitioner'],
    teams: [],
    purposes: ['direct_work'],
    pages: ['worklist', 'children', 'handovers', 'alerts', 'numbers', 'rules'],
  },
  bronwen: {
    name: 'Bronwen Sampl',
    agency: 'bwrdd_dyffryn',
    roles: ['board_analyst'],
    teams: [],
    purposes: ['learning', 'supervision'],
    pages: ['numbers', 'rules'],
  },
  aled: {
    name: 'Aled Archwilydd',
    agency: 'bwrdd_dyffryn',
    roles: ['auditor'],
    teams: [],
    purposes: ['audit'],
    pages: ['rules', 'audit'],
  },
};

export const CHILDREN = {
  mali: { key: '3f2a91c0d4e5b6a7988776655443321a', name: 'Mali Enghraifft', nhs: '9990000018' },
  ifan: { key: '0a1b2c3d4e5f60718293a4b5c6d7e8f9', name: 'Ifan Prawf', nhs: '9990000026' },
  nia: { key: '77aa66bb55cc44dd33ee22ff11aa00bb', name: 'Nia Sampl', nhs: '9990000034' },
  guto: { key: 'c0ffee00c0ffee11c0ffee22c0ffee33', name: 'Guto Dychmygol', nhs: '9990000042' },
  elin: { key: '5e11a5e11a5e11a5e11a5e11a5e11a5e', name: 'Elin Ddychmygol', nhs: '9990000050' },
  macs: { key: 'deadbeef00112233445566778899aabb', name: '', nhs: '9990000069' },
};

/** A child of whom the people's agencies know nothing: only an emergency opens it. */
export const STRANGER = {
  key: '9999aaaa8888bbbb7777cccc6666dddd',
  name: 'Non Anhysbys',
  nhs: '9990000077',
};
