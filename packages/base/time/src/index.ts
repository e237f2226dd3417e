export {
  type BusinessDate,
  businessDate,
  businessDateAt,
  type Clock,
  chinaOffsetMinutes,
  type EpochMs,
  epochMs,
  instantOf,
  isoFields,
  type LocalDateTime,
  localDateTime,
  wallClock,
} from './time.ts';
