export { reset, respond } from './card.ts';
export { freshState, type IccApplication, type IccProfile, type IccState } from './profile.ts';
export { type ScriptCommand, sealScriptCommand } from './script.ts';
