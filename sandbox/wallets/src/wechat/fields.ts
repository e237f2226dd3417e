import type { z } from 'zod';
import type { Refusal } from './refusals.ts';

/** WeChat's own names of fields, as its refusals print them; a field without one is called by its key. */
export type FieldTitles = Readonly<Record<string, string>>;

export type Read<T> = Readonly<{ kind: 'read'; value: T }> | Readonly<{ kind: 'refused'; refusal: Refusal }>;

const paramError = 268_435_461;

export const paramRefusal = (message: string, detail?: unknown): Refusal => ({
  status: 400,
  code: 'PARAM_ERROR',
  message,
  number: paramError,
  detail,
});

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
    value,
  );

const lengthOf = (value: unknown): unknown => (typeof value === 'string' ? Array.from(value).length : value);

/** The rule that was broken, in the words of WeChat's field check. */
const ruleOf = (issue: z.core.$ZodIssue, value: unknown): string => {
  const isText = typeof value === 'string';
  if (issue.code === 'custom') return `规则校验失败，${issue.message}`;
  if (value === undefined) return '必填，未设值';
  if (issue.code === 'invalid_format' && 'pattern' in issue)
    return `字符串规则校验失败，字符串必须匹配正则表达式“${String(issue.pattern).slice(1, -1)}”`;
  if (issue.code === 'too_small' && isText)
    return `字符串规则校验失败，字符数 ${lengthOf(value)}，小于最小值 ${issue.minimum}`;
  if (issue.code === 'too_big' && isText)
    return `字符串规则校验失败，字符数 ${lengthOf(value)}，大于最大值 ${issue.maximum}`;
  if (issue.code === 'too_small' && Array.isArray(value))
    return `数组规则校验失败，元素数 ${value.length}，小于最小值 ${issue.minimum}`;
  if (issue.code === 'too_big' && Array.isArray(value))
    return `数组规则校验失败，元素数 ${value.length}，大于最大值 ${issue.maximum}`;
  if (issue.code === 'too_small') return `数值规则校验失败，值 ${JSON.stringify(value)}，小于最小值 ${issue.minimum}`;
  if (issue.code === 'too_big') return `数值规则校验失败，值 ${JSON.stringify(value)}，大于最大值 ${issue.maximum}`;
  return '类型不匹配';
};

/** The body in its shape, or the refusal that points at its first fault. */
export const readFields = <Shape extends z.ZodType>(
  shape: Shape,
  source: 'body' | 'query' | 'uri_template',
  input: unknown,
  titles: FieldTitles,
): Read<z.output<Shape>> => {
  const parsed = shape.safeParse(input ?? {});
  if (parsed.success) return { kind: 'read', value: parsed.data };
  const [issue] = parsed.error.issues;
  if (!issue) return { kind: 'refused', refusal: paramRefusal('请求参数错误') };
  const value = valueAt(input, issue.path);
  const name = [...issue.path].reverse().find((key) => typeof key === 'string') ?? '';
  const pointer = `/${[source, ...issue.path.map(String)].join('/')}`;
  const message = `输入源“${pointer}”映射到值字段“${titles[String(name)] ?? String(name)}”${ruleOf(issue, value)}`;
  return { kind: 'refused', refusal: paramRefusal(message, { location: source, value: lengthOf(value) ?? null }) };
};
