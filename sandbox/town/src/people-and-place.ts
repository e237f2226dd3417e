import type { ShopSetup } from '@zhanggui/shop';

/** The sample shop before its goods arrive. Its PINs and passwords are printed at the door: sandbox only. */
export const townSetup: ShopSetup = {
  merchant: {
    name: { zh: '掌柜便利店', en: 'Zhanggui Market' },
    currency: 'CNY',
    cashRounding: { unitMinor: 10n, rounding: 'down' },
    denominationsMinor: [100_00n, 50_00n, 20_00n, 10_00n, 5_00n, 1_00n, 50n, 10n],
    segments: [
      { id: 'student', name: { zh: '学生', en: 'Student' } },
      { id: 'young', name: { zh: '青年', en: 'Young adult' } },
      { id: 'office', name: { zh: '上班族', en: 'Office worker' } },
      { id: 'family', name: { zh: '家庭', en: 'Family' } },
      { id: 'senior', name: { zh: '长者', en: 'Senior' } },
    ],
    receiptColumns: 32,
  },
  store: {
    id: 'main',
    name: { zh: '掌柜便利店 · 柳岸店', en: 'Zhanggui Market, Willow Bank' },
    address: { zh: '沙箱市柳岸路 12 号', en: '12 Willow Bank Road, Sandbox City' },
    phone: '000-8583-0210',
  },
  tills: [
    { id: 'till-1', number: '01', name: { zh: '1 号收银台', en: 'Till 1' }, terminalId: '00000001' },
    { id: 'till-2', number: '02', name: { zh: '2 号收银台', en: 'Till 2' }, terminalId: '00000002' },
  ],
  staff: [
    { id: 'zhang-min', number: '1001', name: { zh: '张敏', en: 'Zhang Min' }, role: 'cashier', pin: '1234' },
    { id: 'li-qiang', number: '1002', name: { zh: '李强', en: 'Li Qiang' }, role: 'manager', pin: '5678' },
    {
      id: 'wang-fang',
      number: '9001',
      name: { zh: '王芳', en: 'Wang Fang' },
      role: 'owner',
      pin: '9001',
      username: 'owner',
      password: 'zhanggui',
    },
  ],
  departments: [
    { id: 'drinks', name: { zh: '饮料', en: 'Drinks' } },
    { id: 'dairy', name: { zh: '乳品', en: 'Dairy' } },
    { id: 'snacks', name: { zh: '零食', en: 'Snacks' } },
    { id: 'bakery', name: { zh: '饼干糕点', en: 'Bakery' } },
    { id: 'instant', name: { zh: '方便速食', en: 'Instant food' } },
    { id: 'grain', name: { zh: '粮油', en: 'Grain and oil' } },
    { id: 'seasonings', name: { zh: '调味', en: 'Seasonings' } },
    { id: 'fruit', name: { zh: '水果', en: 'Fruit' } },
    { id: 'vegetables', name: { zh: '蔬菜', en: 'Vegetables' } },
    { id: 'meat', name: { zh: '肉禽蛋', en: 'Meat and eggs' } },
    { id: 'frozen', name: { zh: '冷冻', en: 'Frozen' } },
    { id: 'wine', name: { zh: '酒类', en: 'Wine and spirits' } },
    { id: 'care', name: { zh: '个护', en: 'Personal care' } },
    { id: 'household', name: { zh: '家清', en: 'Household' } },
    { id: 'home', name: { zh: '日用百货', en: 'Home goods' } },
    { id: 'stationery', name: { zh: '文具', en: 'Stationery' } },
  ],
  goods: [],
};

/** How to sign in, for the page at `/` and the start-up message. */
export const townLogIns = [
  { face: 'till', text: { zh: '工号 1001 · 密码 1234', en: 'Number 1001, PIN 1234' } },
  { face: 'till', text: { zh: '店长 1002 · 密码 5678', en: 'Manager 1002, PIN 5678' } },
  { face: 'terminal', text: { zh: '操作员 01 · 密码 0000', en: 'Operator 01, PIN 0000' } },
  { face: 'office', text: { zh: '用户 owner · 密码 zhanggui', en: 'User owner, password zhanggui' } },
] as const;
