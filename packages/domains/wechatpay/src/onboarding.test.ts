import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import type { Application } from './index.ts';
import { publicKeyId, startFakeWeChat, startMs } from './testing/fake-wechat.ts';
import { jsonBody, openAt, openedField, partner, rejectsWith, says } from './testing/opened.ts';

const fake = await startFakeWeChat();
after(() => fake.close());
beforeEach(() => {
  fake.received = [];
  fake.handlers = {};
});

const { onboarding } = openAt(fake, { account: partner });
const application: Application = {
  business_code: '1900000001_10000',
  contact_info: {
    contact_type: 'LEGAL',
    contact_name: '张三',
    mobile_phone: '13800000000',
    contact_email: 'a@b.example',
  },
  subject_info: {
    subject_type: 'SUBJECT_TYPE_ENTERPRISE',
    business_license_info: {
      license_copy: 'm1',
      license_number: '91440000000000000X',
      merchant_name: '示例面包店',
      legal_person: '张三',
    },
    identity_info: {
      id_doc_type: 'IDENTIFICATION_TYPE_IDCARD',
      id_card_info: {
        id_card_copy: 'm2',
        id_card_national: 'm3',
        id_card_name: '张三',
        id_card_number: '110101200001010000',
        card_period_begin: '2020-01-01',
        card_period_end: '长期',
      },
    },
    ubo_info_list: [
      {
        ubo_id_doc_type: 'IDENTIFICATION_TYPE_IDCARD',
        ubo_id_doc_copy: 'm4',
        ubo_id_doc_name: '李四',
        ubo_id_doc_number: '110101200001010001',
        ubo_id_doc_address: '示例路 1 号',
        ubo_period_begin: '2020-01-01',
        ubo_period_end: '长期',
      },
    ],
  },
  business_info: {
    merchant_shortname: '示例面包',
    service_phone: '0755000000',
    sales_info: {
      sales_scenes_type: ['SALES_SCENES_STORE'],
      biz_store_info: {
        biz_store_name: '一店',
        biz_address_code: '440300',
        biz_store_address: '示例路 1 号',
        store_entrance_pic: ['m5'],
        indoor_pic: ['m6'],
      },
    },
  },
  settlement_info: { settlement_id: '716', qualification_type: '零售批发' },
  bank_account_info: {
    bank_account_type: 'BANK_ACCOUNT_TYPE_CORPORATE',
    account_name: '示例面包店',
    account_bank: '工商银行',
    bank_address_code: '440300',
    account_number: '6222000000000000',
  },
};

test('an application goes with every sensitive field encrypted and all else in clear', async () => {
  fake.handlers['POST /v3/applyment4sub/applyment/'] = says({ applyment_id: 2000002124775691 });
  assert.deepEqual(await onboarding.submit(application), { applymentId: '2000002124775691' });
  assert.equal(fake.received[0]?.headers['wechatpay-serial'], publicKeyId);
  const text = fake.received[0]?.body ?? '';
  for (const secret of ['13800000000', '110101200001010000', '110101200001010001', '6222000000000000', '李四'])
    assert.ok(!text.includes(secret), secret);
  const body = jsonBody(fake) as unknown as Application;
  assert.deepEqual(
    [
      body.contact_info.contact_name,
      body.subject_info.identity_info.id_card_info?.id_card_number,
      body.subject_info.ubo_info_list?.[0]?.ubo_id_doc_name,
      body.bank_account_info.account_number,
      body.bank_account_info.account_name,
    ].map(openedField),
    ['张三', '110101200001010000', '李四', '6222000000000000', '示例面包店'],
  );
  assert.deepEqual(body.business_info, application.business_info);
  assert.deepEqual(body.subject_info.business_license_info, application.subject_info.business_license_info);
});

test('an application WeChat would refuse does not leave, and the error says where, not what', async () => {
  const wrong = { ...application, bank_account_info: { ...application.bank_account_info, account_number: '62-22' } };
  await rejectsWith(onboarding.submit(wrong), 'request-malformed', 'bank_account_info.account_number');
  await rejectsWith(openAt(fake).onboarding.submit(application), 'request-malformed', 'account');
  const misspelt = { ...application, bussiness_info: {} } as Application;
  await rejectsWith(onboarding.submit(misspelt), 'request-malformed');
  assert.equal(fake.received.length, 0);
});

test('an application’s state is found by either number; a rejection says which field and why', async () => {
  const wire = {
    business_code: '1900000001_10000',
    applyment_id: 2000002124775691,
    sub_mchid: '',
    sign_url: 'https://pay.weixin.qq.com/public/apply4ec_sign/s',
    applyment_state: 'APPLYMENT_STATE_REJECTED',
    applyment_state_msg: '已驳回',
    audit_detail: [{ field: 'id_card_copy', field_name: '身份证复印件', reject_reason: '不清晰' }],
  };
  fake.handlers['GET /v3/applyment4sub/applyment/business_code/1900000001_10000'] = says(wire);
  const found = await onboarding.status({ businessCode: '1900000001_10000' });
  assert.deepEqual([found.state, found.subMchid, found.applymentId], ['REJECTED', undefined, '2000002124775691']);
  assert.deepEqual(found.rejections, [{ field: 'id_card_copy', fieldName: '身份证复印件', reason: '不清晰' }]);
  const finished = {
    ...wire,
    applyment_state: 'APPLYMENT_STATE_FINISHED',
    sub_mchid: '1900000109',
    audit_detail: null,
  };
  fake.handlers['GET /v3/applyment4sub/applyment/applyment_id/2000002124775691'] = says(finished);
  assert.equal((await onboarding.status({ applymentId: '2000002124775691' })).subMchid, '1900000109');
  fake.handlers['GET /v3/applyment4sub/applyment/applyment_id/1'] = says(finished);
  await rejectsWith(onboarding.status({ applymentId: '1' }), 'other-order');
  await rejectsWith(onboarding.status({ applymentId: '../x' }), 'request-malformed');
});

const account = {
  account_type: 'ACCOUNT_TYPE_BUSINESS',
  account_bank: '工商银行',
  account_number: '62*************78',
};

test('a settlement account is told masked, changed with its number encrypted, and the change is followed', async () => {
  fake.handlers['GET /v3/apply4sub/sub_merchants/1900000109/settlement'] = says({
    ...account,
    verify_result: 'VERIFYING',
  });
  assert.equal((await onboarding.settlement('1900000109')).result, 'VERIFYING');
  const modify = 'POST /v3/apply4sub/sub_merchants/1900000109/modify-settlement';
  const change = {
    accountType: 'ACCOUNT_TYPE_BUSINESS',
    accountBank: '工商银行',
    accountNumber: '6222000000000078',
    accountName: '示例面包店',
  } as const;
  fake.handlers[modify] = says('', 204);
  assert.deepEqual(await onboarding.modifySettlement('1900000109', change), { applicationNo: undefined });
  assert.deepEqual(
    [openedField(jsonBody(fake).account_number), openedField(jsonBody(fake).account_name)],
    ['6222000000000078', '示例面包店'],
  );
  fake.handlers[modify] = says({ application_no: '102329389' });
  assert.deepEqual(await onboarding.modifySettlement('1900000109', change), { applicationNo: '102329389' });
  const audit = {
    ...account,
    account_name: '张*',
    verify_result: 'AUDIT_FAIL',
    verify_fail_reason: '户名有误',
    verify_finish_time: '2026-06-01T12:00:00+08:00',
  };
  fake.handlers['GET /v3/apply4sub/sub_merchants/1900000109/application/102329389'] = says(audit);
  const followed = await onboarding.settlementChange('1900000109', '102329389');
  assert.deepEqual([followed.result, followed.failReason, followed.doneAtMs], ['AUDIT_FAIL', '户名有误', startMs]);
});

test('a picture goes beside its signed description, which has its digest', async () => {
  const bytes = Buffer.from([0xff, 0xd8, 0x0d, 0x0a, 0x80]);
  const meta = JSON.stringify({ filename: 'store.jpg', sha256: createHash('sha256').update(bytes).digest('hex') });
  fake.handlers['POST /v3/merchant/media/upload'] = says({ media_id: 'M-1' });
  assert.equal(await onboarding.upload({ name: 'store.jpg', bytes }), 'M-1');
  const [received] = fake.received;
  assert.equal(received?.signed, meta);
  assert.ok(received?.bytes.includes(bytes));
  fake.handlers['POST /v3/merchant/media/video_upload'] = says({ media_id: 'V-1' });
  assert.equal(await onboarding.upload({ name: 'talk.mp4', bytes }), 'V-1');
  await rejectsWith(onboarding.upload({ name: 'store.gif', bytes }), 'request-malformed', 'name');
  await rejectsWith(onboarding.upload({ name: 'a"b.jpg', bytes }), 'request-malformed', 'name');
  await rejectsWith(
    onboarding.upload({ name: 'a.jpg', bytes: new Uint8Array(2_097_153) }),
    'request-malformed',
    'bytes',
  );
});
