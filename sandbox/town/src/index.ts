export { townLogIns, townSetup } from './people-and-place.ts';
export { type Founding, foundTown, goodsCsv, type TownOptions } from './town.ts';
