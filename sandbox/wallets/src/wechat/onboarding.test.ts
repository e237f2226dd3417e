import assert from 'node:assert/strict';
import { createHash, publicEncrypt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openTestRoom, type TestRoom } from '../testing/wechat-room.ts';
import { mediaRoutes } from './media-routes.ts';
import { onboardingPage } from './onboarding-page.ts';
import { onboardingRoutes } from './onboarding-routes.ts';

const minute = 60_000;
const day = 1_440 * minute;
const mchid = '1900000100';
let town: TestRoom;
let serial = '';
let mediaId = '';
let sealed = (plain: string): string => plain;
before(async () => {
  town = await openTestRoom();
  town.mount([...onboardingRoutes(town.room), ...mediaRoutes(town.room)]);
  const [[id, pem] = ['', '']] = Object.entries(town.gate.merchants.partner.platform.publicKeys);
  serial = id;
  sealed = (plain) => publicEncrypt({ key: pem, oaepHash: 'sha1' }, Buffer.from(plain)).toString('base64');
  mediaId = String((await town.says('POST', upload, undefined, picture())).media_id);
});
after(() => town.close());

const upload = '/v3/merchant/media/upload';
type Picture = Partial<Readonly<{ filename: string; sha256: string; data: string; without: 'file' | 'meta' }>>;
const partOf = (name: string, head: string, data: string): string =>
  `--line\r\nContent-Disposition: form-data; name="${name}"${head}\r\n\r\n${data}\r\n`;
const picture = ({ filename = 'a.png', data = 'a picture', sha256, without }: Picture = {}) => {
  const digest = sha256 ?? createHash('sha256').update(data).digest('hex');
  const parts = [
    without === 'meta' ? '' : partOf('meta', '', JSON.stringify({ filename, sha256: digest })),
    without === 'file' ? '' : partOf('file', `; filename="${filename}"\r\nContent-Type: image/png`, data),
  ];
  const body = Buffer.from(`${parts.join('')}--line--\r\n`);
  return { mchid, body, headers: { 'content-type': 'multipart/form-data; boundary="line"' } };
};

const refusedPictures: readonly (readonly [string, Picture, RegExp])[] = [
  ['whose digest is of another file', { sha256: '0'.repeat(64) }, /sha256校验失败/],
  ['with a digest that is none', { sha256: 'x' }, /“\/body\/sha256”映射到值字段“媒体文件摘要”/],
  ['that is a program', { filename: 'a.exe' }, /格式不支持/],
  ['of more than five megabytes', { data: 'x'.repeat(5_242_881) }, /大小超过限制/],
  ['without a file', { without: 'file' }, /图片必填/],
  ['without meta', { without: 'meta' }, /元信息必填/],
];
for (const [name, wish, message] of refusedPictures)
  test(`a picture ${name} is refused`, async () => {
    const [status, code, text] = await town.refuses('POST', upload, undefined, picture(wish));
    assert.deepEqual([status, code], [400, 'PARAM_ERROR']);
    assert.match(text, message);
  });

const submit = '/v3/applyment4sub/applyment/';
let count = 0;
type Wish = Readonly<{
  code?: string;
  shortname?: string;
  account?: 'CORPORATE' | 'PERSONAL';
  contact?: object;
  subject?: object;
  identity?: object;
}>;
const applyment = (wish: Wish = {}) => {
  count += 1;
  return {
    business_code: wish.code ?? `CODE_${count}`,
    contact_info: {
      contact_type: 'SUPER',
      contact_name: sealed('张三'),
      contact_id_number: sealed('11010119900101001X'),
      mobile_phone: sealed('13800000000'),
      contact_email: sealed('a@example.com'),
      ...wish.contact,
    },
    subject_info: {
      subject_type: 'SUBJECT_TYPE_ENTERPRISE',
      business_license_info: {
        license_copy: mediaId,
        license_number: '91110000000000000X',
        merchant_name: '面包房',
        legal_person: '张三',
      },
      identity_info: {
        id_doc_type: 'IDENTIFICATION_TYPE_IDCARD',
        id_card_info: {
          id_card_copy: mediaId,
          id_card_national: mediaId,
          id_card_name: sealed('张三'),
          id_card_number: sealed('11010119900101001X'),
          card_period_begin: '2020-01-01',
          card_period_end: '2040-01-01',
          ...wish.identity,
        },
      },
      ...wish.subject,
    },
    business_info: {
      merchant_shortname: wish.shortname ?? '面包房',
      service_phone: '0758XXXXX',
      sales_info: {
        sales_scenes_type: ['SALES_SCENES_STORE'],
        biz_store_info: {
          biz_store_name: '面包房',
          biz_address_code: '440305',
          biz_store_address: '一号路1号',
          store_entrance_pic: [mediaId],
          indoor_pic: [mediaId],
        },
      },
    },
    settlement_info: { settlement_id: '719', qualification_type: '餐饮' },
    bank_account_info: {
      bank_account_type: `BANK_ACCOUNT_TYPE_${wish.account ?? 'PERSONAL'}`,
      account_name: sealed('张三'),
      account_bank: '工商银行',
      bank_address_code: '110000',
      account_number: sealed('6222020000000000005'),
    },
  };
};
const as = () => ({ mchid, headers: { 'wechatpay-serial': serial } });
const apply = async (wish: Wish = {}): Promise<string> =>
  String((await town.says('POST', submit, applyment(wish), as())).applyment_id);
const look = (id: string) => town.says('GET', `${submit}applyment_id/${id}`, undefined, { mchid });
const stateOf = async (id: string): Promise<unknown> => (await look(id)).applyment_state;

test('an application goes from audit through signing to a merchant that its partner serves', async () => {
  const id = await apply({ code: 'MERCHANT_1' });
  assert.equal(await stateOf(id), 'APPLYMENT_STATE_AUDITING');
  town.pass(day);
  const toSign = await look(id);
  assert.equal(toSign.applyment_state, 'APPLYMENT_STATE_TO_BE_SIGNED');
  const page = onboardingPage(town.room);
  const path = new URL(String(toSign.sign_url)).pathname;
  const shown = await page.handle({ method: 'GET', path, headers: new Headers(), body: new Uint8Array() });
  assert.match(String(shown?.body), /签约 Sign/);
  const signed = { method: 'POST', path, headers: new Headers(), body: Buffer.from('act=sign') };
  assert.match(String((await page.handle(signed))?.body), /SIGNING/);
  town.pass(30 * minute);
  const done = await town.says('GET', `${submit}business_code/MERCHANT_1`, undefined, { mchid });
  assert.equal(done.applyment_state, 'APPLYMENT_STATE_FINISHED');
  assert.ok(town.gate.serves(mchid, String(done.sub_mchid)));
  assert.ok(town.engine.merchant({ wallet: 'wechat', merchantNo: String(done.sub_mchid) }));
  assert.deepEqual(await town.refuses('GET', `${submit}business_code/MERCHANT_1`), [
    404,
    'RESOURCE_NOT_EXISTS',
    '申请单不存在',
  ]);
});

test('a company’s account is verified before it signs; who lets the time pass is cancelled', async () => {
  const id = await apply({ account: 'CORPORATE' });
  town.pass(day);
  assert.equal(await stateOf(id), 'APPLYMENT_STATE_TO_BE_CONFIRMED');
  const path = `/sandbox/wechat/applyments/${id}`;
  const page = onboardingPage(town.room);
  await page.handle({ method: 'POST', path, headers: new Headers(), body: Buffer.from('act=confirm') });
  assert.equal(await stateOf(id), 'APPLYMENT_STATE_TO_BE_SIGNED');
  town.pass(30 * day);
  assert.equal(await stateOf(id), 'APPLYMENT_STATE_CANCELED');
  await page.handle({ method: 'POST', path, headers: new Headers(), body: Buffer.from('act=sign') });
  assert.equal(await stateOf(id), 'APPLYMENT_STATE_CANCELED');
});

test('a rejected application says why, and may be handed in again under the same code; one under way may not', async () => {
  const id = await apply({ code: 'AGAIN', shortname: '驳回店' });
  town.pass(day);
  const rejected = await look(id);
  assert.equal(rejected.applyment_state, 'APPLYMENT_STATE_REJECTED');
  const [why] = rejected.audit_detail as Record<string, unknown>[];
  assert.equal(why?.field, 'merchant_shortname');
  assert.equal(await apply({ code: 'AGAIN' }), id);
  assert.deepEqual((await town.refuses('POST', submit, applyment({ code: 'AGAIN' }), as()))[1], 'PROCESSING');
  assert.equal((await look(id)).audit_detail, undefined);
});

const refusedApplications: readonly (readonly [string, () => Wish, RegExp])[] = [
  ['of an unknown kind of contact', () => ({ contact: { contact_type: 'NOBODY' } }), /超级管理员类型”/],
  ['without the number of its administrator', () => ({ contact: { contact_id_number: undefined } }), /为SUPER时必填/],
  [
    'without a licence',
    () => ({ subject: { business_license_info: undefined } }),
    /business_license_info.*该主体类型必填/,
  ],
  ['with a picture nobody uploaded', () => ({ identity: { id_card_copy: 'nothing' } }), /图片MediaID不存在/],
  [
    'with a telephone number that is none',
    () => ({ contact: { mobile_phone: sealed('123') } }),
    /“联系手机”.*格式不正确/,
  ],
  ['with a field that was not encrypted', () => ({ contact: { contact_name: '张三' } }), /Wechatpay-Serial错误/],
];
for (const [name, wish, message] of refusedApplications)
  test(`an application ${name} is refused`, async () => {
    const [status, code, text] = await town.refuses('POST', submit, applyment(wish()), as());
    assert.deepEqual([status, code], [400, 'PARAM_ERROR']);
    assert.match(text, message);
  });

test('an application without the serial of the key its fields are for is refused', async () => {
  const [, , text] = await town.refuses('POST', submit, applyment(), { mchid });
  assert.equal(text, 'HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)');
});

const merchant = '/v3/apply4sub/sub_merchants/1900000109';
const account = (number: string) => ({
  account_type: 'ACCOUNT_TYPE_BUSINESS',
  account_bank: '工商银行',
  bank_address_code: '110000',
  account_number: sealed(number),
});

test('a settlement account is checked, shown masked, and changed five times a day at most', async () => {
  assert.equal((await town.refuses('GET', `${merchant}/settlement`, undefined, as()))[0], 404);
  const first = await town.says('POST', `${merchant}/modify-settlement`, account('6222020000000000005'), as());
  assert.equal((await town.says('GET', `${merchant}/settlement`, undefined, as())).verify_result, 'VERIFYING');
  town.pass(10_000);
  const settlement = await town.says('GET', `${merchant}/settlement`, undefined, as());
  assert.deepEqual([settlement.verify_result, settlement.account_number], ['VERIFY_SUCCESS', '62*************0005']);
  const path = `${merchant}/application/${String(first.application_no)}`;
  assert.equal((await town.says('GET', path, undefined, as())).verify_result, 'AUDIT_SUCCESS');
  const wrong = await town.says('POST', `${merchant}/modify-settlement`, account('6222020000000000000'), as());
  town.pass(10_000);
  const failed = await town.says('GET', `${merchant}/application/${String(wrong.application_no)}`, undefined, as());
  assert.deepEqual([failed.verify_result, failed.verify_fail_reason], ['AUDIT_FAIL', '账户名称与账号不符']);
  const kept = await town.says('GET', `${merchant}/settlement`, undefined, as());
  assert.equal(kept.account_number, '62*************0005');
  for (let time = 3; time <= 5; time += 1)
    await town.says('POST', `${merchant}/modify-settlement`, account('6222020000000000005'), as());
  const [status, code] = await town.refuses('POST', `${merchant}/modify-settlement`, account('62220200000005'), as());
  assert.deepEqual([status, code], [429, 'FREQUENCY_LIMITED']);
  town.pass(day);
  await town.says('POST', `${merchant}/modify-settlement`, account('6222020000000000005'), as());
  assert.equal((await town.refuses('GET', `${merchant}/settlement`))[1], 'NO_AUTH');
});
