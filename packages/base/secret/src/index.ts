export { maskPan, type Pan, pan, Secret, type SecretKind } from './secret.ts';
