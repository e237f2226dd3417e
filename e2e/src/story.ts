export { assertOneStory } from '@zhanggui/server/story';
