import type { BasketLine } from '@zhanggui/basket';
import { Amount, Icon, Keypad, usePick } from '@zhanggui/ui';
import { Action } from '../shell/action.tsx';
import { PanelHead } from '../shell/panel-head.tsx';
import { useTill, useTillState } from '../till-context.ts';
import type { LineField } from '../till-state.ts';
import { useT } from '../use-t.ts';
import { hasRight } from './basket-change.ts';
import classes from './line-panel.module.css';
import { lineAfter, lineChange, lineView, padLimits, stepQuantity } from './sell-view.ts';

const fields: readonly LineField[] = ['quantity', 'percent', 'amount', 'price'];
const rightOf = { quantity: undefined, percent: 'discount', amount: 'discount', price: 'override-price' } as const;

const FieldKey = ({ line, field }: { line: BasketLine; field: LineField }) => {
  const t = useT();
  const till = useTill();
  const isChosen = useTillState((state) => state.line?.field === field);
  const right = rightOf[field];
  const isAllowed = useTillState((state) => right === undefined || hasRight(state, right));
  return (
    <Action
      testId={`line-field-${field}`}
      pressed={isChosen}
      reason={isAllowed ? undefined : t('line.no-right')}
      onPress={() => till.openLine(line.id, field)}
    >
      {t(`line.${field}`)}
    </Action>
  );
};

const Steps = ({ line }: { line: BasketLine }) => {
  const t = useT();
  const till = useTill();
  const view = lineView(line);
  const step = (by: 1 | -1) => () => {
    const quantityMilli = stepQuantity(line.quantityMilli, by);
    if (quantityMilli !== undefined) void till.setQuantity(line.id, quantityMilli);
  };
  return (
    <div className={classes.steps}>
      <Action
        testId="line-less"
        icon="minus"
        label={t('line.less')}
        disabled={stepQuantity(line.quantityMilli, -1) === undefined}
        onPress={step(-1)}
      />
      <span className={classes.quantity} data-testid="line-quantity">
        {view.quantity}
      </span>
      <Action testId="line-more" icon="plus" label={t('line.more')} onPress={step(1)} />
    </div>
  );
};

const Now = ({ line }: { line: BasketLine }) => {
  const t = useT();
  const pick = usePick();
  const view = lineView(line);
  return (
    <div className={classes.now}>
      <div className={classes.name}>{pick(view.name)}</div>
      <div className={classes.code}>{line.item.barcode}</div>
      <dl className={classes.facts}>
        <dt>{t('line.unit-price')}</dt>
        <dd>
          <Amount value={view.unitPrice} />
          {t('goods.per', { unit: pick(view.unit) })}
        </dd>
        <dt>{t('line.now')}</dt>
        <dd>
          <Amount value={view.amount} size="section" strong />
        </dd>
      </dl>
      <Steps line={line} />
    </div>
  );
};

const Change = ({ line, field }: { line: BasketLine; field: LineField }) => {
  const t = useT();
  const till = useTill();
  const pad = useTillState((state) => state.pad);
  const basket = useTillState((state) => state.sale?.basket);
  const limits = padLimits(field, line.item.weighed);
  const change = lineChange(line, field, pad);
  const after = basket && change && lineAfter(basket, line, change);
  return (
    <div className={classes.change}>
      <div className={classes.typed} data-testid="line-typed">
        <span className={classes.typedLabel}>{t(`line.${field}`)}</span>
        <span className={classes.typedText}>{pad === '' ? '–' : pad}</span>
        <button
          type="button"
          className={`zg-press ${classes.back}`}
          aria-label={t('tender.clear')}
          data-testid="line-pad-back"
          onClick={() => till.pressPad('back', limits)}
        >
          <Icon name="backspace" />
        </button>
      </div>
      <Keypad layout="amount" testId="line-pad" onKey={(key) => till.pressPad(key, limits)} />
      <div className={classes.after} data-testid="line-after">
        {after && (
          <>
            <span>{t('line.after')}</span>
            <Amount value={after.amount} size="section" strong />
          </>
        )}
      </div>
      <Action
        look="primary"
        wide
        testId="line-apply"
        disabled={change === undefined}
        onPress={() => change && void till.applyLineChange(line.id, change)}
      >
        {t('line.apply')}
      </Action>
    </div>
  );
};

/** One line under the magnifier: pieces, discount, price, removal. A scan closes it and goes on selling. */
export const LinePanel = () => {
  const t = useT();
  const till = useTill();
  const chosen = useTillState((state) => state.line);
  const line = useTillState((state) => state.sale?.basket.lines.find(({ id }) => id === state.line?.lineId));
  if (!chosen || !line) return null;
  return (
    <section className={classes.panel} data-testid="line-panel">
      <PanelHead title={t('line.title')} back={t('line.back')} onBack={() => till.showGoods()} />
      <div className={classes.body}>
        <div className={classes.side}>
          <Now line={line} />
          <div className={classes.fields}>
            {fields.map((field) => (
              <FieldKey key={field} line={line} field={field} />
            ))}
          </div>
          <div className={classes.ends}>
            <Action
              testId="line-no-discount"
              disabled={line.discount.kind === 'none'}
              onPress={() => void till.applyLineChange(line.id, { kind: 'discount', discount: { kind: 'none' } })}
            >
              {t('line.no-discount')}
            </Action>
            <Action look="danger" icon="bin" testId="line-remove" onPress={() => void till.removeLine(line.id)}>
              {t('line.remove')}
            </Action>
          </div>
        </div>
        <Change line={line} field={chosen.field} />
      </div>
    </section>
  );
};
