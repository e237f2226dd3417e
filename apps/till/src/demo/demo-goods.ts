import type { Catalogue, CatalogueItem, Department } from '@zhanggui/api/contract';
import { ean13CheckDigit } from '@zhanggui/ids';

const demoDepartments: readonly Department[] = [
  { id: 'drinks', name: { zh: '饮料', en: 'Drinks' } },
  { id: 'noodles', name: { zh: '方便食品', en: 'Instant food' } },
  { id: 'snacks', name: { zh: '休闲零食', en: 'Snacks' } },
  { id: 'dairy', name: { zh: '乳品', en: 'Dairy' } },
  { id: 'fruit', name: { zh: '水果', en: 'Fruit' } },
  { id: 'vegetables', name: { zh: '蔬菜', en: 'Vegetables' } },
  { id: 'grain', name: { zh: '粮油', en: 'Grain and oil' } },
  { id: 'seasoning', name: { zh: '调味', en: 'Seasoning' } },
  { id: 'household', name: { zh: '日用', en: 'Household' } },
  { id: 'care', name: { zh: '个护', en: 'Personal care' } },
  { id: 'alcohol', name: { zh: '酒类', en: 'Beer and spirits' } },
  { id: 'bakery', name: { zh: '烘焙', en: 'Bakery' } },
];

const units = {
  bottle: { id: 'bottle', name: { zh: '瓶', en: 'bottle' } },
  can: { id: 'can', name: { zh: '罐', en: 'can' } },
  bag: { id: 'bag', name: { zh: '袋', en: 'bag' } },
  box: { id: 'box', name: { zh: '盒', en: 'box' } },
  piece: { id: 'piece', name: { zh: '个', en: 'each' } },
  kg: { id: 'kg', name: { zh: '公斤', en: 'kg' } },
} as const;

type Row = readonly [
  department: string,
  zh: string,
  en: string,
  initials: string,
  unit: keyof typeof units,
  minor: number,
];

const rows: readonly Row[] = [
  ['drinks', '农家山泉水 550ml', 'Hill spring water 550 ml', 'njsqs550', 'bottle', 200],
  ['drinks', '茉莉清茶 500ml', 'Jasmine tea 500 ml', 'mlqc500', 'bottle', 350],
  ['drinks', '冰红茶 500ml', 'Iced black tea 500 ml', 'bhc500', 'bottle', 350],
  ['drinks', '苏打气泡水 330ml', 'Sparkling water 330 ml', 'sdqps330', 'can', 480],
  ['drinks', '鲜榨橙汁 1L', 'Orange juice 1 l', 'xzcz1l', 'box', 1580],
  ['drinks', '椰子水 1L', 'Coconut water 1 l', 'yzs1l', 'box', 1890],
  ['drinks', '美式咖啡 300ml', 'Americano 300 ml', 'mskf300', 'bottle', 690],
  ['drinks', '酸梅汤 500ml', 'Sour plum drink 500 ml', 'smt500', 'bottle', 450],
  ['noodles', '红烧牛肉面 桶装', 'Braised beef noodles, tub', 'hsnrm', 'piece', 490],
  ['noodles', '老坛酸菜面 桶装', 'Pickled cabbage noodles, tub', 'ltscm', 'piece', 490],
  ['noodles', '自热米饭 宫保鸡丁', 'Self-heating rice, kung pao chicken', 'zrmf', 'box', 1990],
  ['noodles', '速冻猪肉水饺 500g', 'Frozen pork dumplings 500 g', 'sdzrsj', 'bag', 2280],
  ['noodles', '火鸡拌面 五连包', 'Hot chicken noodles, 5 pack', 'hjbm', 'bag', 2890],
  ['snacks', '原味薯片 75g', 'Potato chips original 75 g', 'ywsp75', 'bag', 750],
  ['snacks', '五香瓜子 260g', 'Spiced sunflower seeds 260 g', 'wxgz260', 'bag', 1280],
  ['snacks', '黑巧克力 72% 80g', 'Dark chocolate 72% 80 g', 'hqkl', 'box', 1680],
  ['snacks', '每日坚果 25g', 'Daily nuts 25 g', 'mrjg25', 'bag', 500],
  ['snacks', '海苔脆片 40g', 'Seaweed crisps 40 g', 'htcp40', 'bag', 1150],
  ['snacks', '山楂片 200g', 'Hawthorn slices 200 g', 'szp200', 'bag', 880],
  ['dairy', '鲜牛奶 950ml', 'Fresh milk 950 ml', 'xnn950', 'box', 1650],
  ['dairy', '原味酸奶 8 杯', 'Plain yogurt, 8 cups', 'ywsn8', 'box', 1890],
  ['dairy', '再制干酪 166g', 'Processed cheese 166 g', 'zzgl166', 'box', 2490],
  ['dairy', '淡奶油 250ml', 'Whipping cream 250 ml', 'dny250', 'box', 1580],
  ['fruit', '红富士苹果', 'Fuji apples', 'hfspg', 'kg', 1280],
  ['fruit', '海南香蕉', 'Hainan bananas', 'hnxj', 'kg', 799],
  ['fruit', '赣南脐橙', 'Gannan navel oranges', 'gnqc', 'kg', 1199],
  ['fruit', '阳光玫瑰葡萄', 'Shine Muscat grapes', 'ygmgpt', 'kg', 3980],
  ['vegetables', '上海青', 'Bok choy', 'shq', 'kg', 599],
  ['vegetables', '西红柿', 'Tomatoes', 'xhs', 'kg', 799],
  ['vegetables', '土豆', 'Potatoes', 'td', 'kg', 459],
  ['vegetables', '鲜香菇', 'Shiitake mushrooms', 'xxg', 'kg', 1980],
  ['grain', '东北珍珠米 5kg', 'Northeast pearl rice 5 kg', 'dbzzm', 'bag', 4590],
  ['grain', '压榨花生油 5L', 'Pressed peanut oil 5 l', 'yzhsy', 'bottle', 13990],
  ['grain', '高筋面粉 2.5kg', 'Bread flour 2.5 kg', 'gjmf', 'bag', 1890],
  ['seasoning', '生抽酱油 500ml', 'Light soy sauce 500 ml', 'scjy500', 'bottle', 990],
  ['seasoning', '陈醋 420ml', 'Mature vinegar 420 ml', 'cc420', 'bottle', 790],
  ['seasoning', '豆瓣酱 500g', 'Broad bean paste 500 g', 'dbj500', 'bottle', 1190],
  ['seasoning', '加碘食盐 400g', 'Iodised salt 400 g', 'jdsy400', 'bag', 300],
  ['household', '抽取式纸巾 3 层 120 抽 24 包', 'Facial tissue 3-ply 120 sheets, 24 packs', 'cqszj', 'box', 5990],
  ['household', '洗衣液 3kg', 'Laundry liquid 3 kg', 'xyy3', 'bottle', 3990],
  ['household', '洗洁精 1.1kg', 'Dish soap 1.1 kg', 'xjj', 'bottle', 1290],
  ['household', '五号电池 4 粒', 'AA batteries, 4', 'whdc4', 'box', 1290],
  ['care', '牙膏 薄荷 120g', 'Toothpaste mint 120 g', 'yg120', 'box', 1190],
  ['care', '洗发露 400ml', 'Shampoo 400 ml', 'xfl400', 'bottle', 3990],
  ['care', '香皂 115g', 'Soap 115 g', 'xz115', 'box', 590],
  ['alcohol', '纯生啤酒 500ml', 'Draft beer 500 ml', 'cspj500', 'can', 600],
  ['alcohol', '干红葡萄酒 750ml', 'Dry red wine 750 ml', 'ghptj', 'bottle', 8900],
  ['bakery', '全麦吐司 400g', 'Wholemeal toast 400 g', 'qmts400', 'bag', 1290],
  ['bakery', '肉松面包', 'Pork floss bun', 'rsmb', 'piece', 650],
  ['bakery', '蛋黄酥 6 枚', 'Egg yolk pastry, 6', 'dhs6', 'box', 3980],
];

const barcodeOf = (place: number): string => {
  const payload = `200${String(place + 1).padStart(9, '0')}`;
  return payload + ean13CheckDigit(payload);
};

const itemOf = ([departmentId, zh, en, initials, unit, minor]: Row, place: number): CatalogueItem => ({
  id: `demo-${place + 1}`,
  barcode: barcodeOf(place),
  name: { zh, en },
  initials,
  unit: units[unit],
  weighed: unit === 'kg',
  priceMinor: String(minor),
  departmentId,
});

/** A small shop that exists nowhere; barcodes are of the in-store range. */
export const demoCatalogue: Catalogue = {
  version: 'demo-1',
  departments: [...demoDepartments],
  items: rows.map(itemOf),
};
