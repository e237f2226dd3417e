/** Where the person is; it lives in the address, so that the phone's own back gesture works. */
export type Place =
  | Readonly<{ screen: 'home' | 'code' | 'scan' | 'cards' }>
  | Readonly<{ screen: 'bills'; notices: boolean }>
  | Readonly<{ screen: 'bill'; id: string }>;

export const placeOf = (hash: string): Place => {
  const [screen = '', part = ''] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'code' || screen === 'scan' || screen === 'cards') return { screen };
  if (screen === 'bills' && part !== '' && part !== 'notices') return { screen: 'bill', id: decoded(part) };
  if (screen === 'bills') return { screen: 'bills', notices: part === 'notices' };
  return { screen: 'home' };
};

export const hashOf = (place: Place): string => {
  switch (place.screen) {
    case 'home':
      return '#/';
    case 'bills':
      return place.notices ? '#/bills/notices' : '#/bills';
    case 'bill':
      return `#/bills/${encodeURIComponent(place.id)}`;
    default:
      return `#/${place.screen}`;
  }
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
