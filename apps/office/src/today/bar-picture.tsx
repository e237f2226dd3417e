import { languageTag, useLocale, usePick, useScheme } from '@zhanggui/ui';
import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type CSSProperties, useRef } from 'react';
import { useT } from '../texts.ts';
import { type Colours, optionOf, type Sizes, type Words } from './bar-option.ts';
import classes from './bar-picture.module.css';
import { useChartEffect } from './chart-effect.ts';
import type { ReportPicture } from './today-view.ts';

echarts.use([BarChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer]);

const coloursNow = (): Colours => {
  const style = getComputedStyle(document.documentElement);
  const role = (name: string) => style.getPropertyValue(name).trim();
  return {
    action: role('--zg-action'),
    quiet: role('--zg-action-line'),
    line: role('--zg-line'),
    ink: role('--zg-ink'),
    faint: role('--zg-ink-faint'),
    surface: role('--zg-surface'),
  };
};

/** Lengths of the tokens in CSS pixels: the chart is drawn by a library that reads numbers. */
const sizesNow = (): Sizes => {
  const style = getComputedStyle(document.documentElement);
  const length = (name: string) => Number.parseFloat(style.getPropertyValue(name));
  return {
    bar: length('--zg-chart-bar'),
    lyingBar: length('--zg-chart-bar-lying'),
    note: length('--zg-type-note'),
    table: length('--zg-type-table'),
    gap: length('--zg-space-2'),
    wide: length('--zg-target-tile'),
    legend: length('--zg-space-8'),
    radius: length('--zg-edge'),
  };
};

/** This day beside the same weekday last week; bars begin at nought, exact amounts stand in the tooltip and the table. */
export const BarPicture = ({ picture }: { picture: ReportPicture }) => {
  const frame = useRef<HTMLDivElement>(null);
  const t = useT();
  const pick = usePick();
  const { locale } = useLocale();
  const { scheme } = useScheme();
  const words: Words = {
    thisDay: t('today.thisDay'),
    thatDay: t('today.thatDay'),
    nameOf: (row) => pick(row.name),
    language: languageTag[locale],
    font: getComputedStyle(document.documentElement).fontFamily,
  };
  const option = () => optionOf(picture, { words, colours: coloursNow(), sizes: sizesNow() });
  useChartEffect(frame, option, `${picture.key} ${locale} ${scheme}`, picture);
  return (
    <div
      ref={frame}
      className={classes.frame}
      data-upright={picture.upright || undefined}
      style={{ '--rows': picture.rows.length } as CSSProperties}
      data-testid={`picture-${picture.key}`}
    />
  );
};
