/**
 * epoll(7) in Node's event loop: readiness of any number of descriptors, by level or by edge, and no event is taken for
 * another's, whatever became of the numbers.
 *
 * @module
 */
export {
  EPOLLERR,
  EPOLLET,
  EPOLLEXCLUSIVE,
  EPOLLHUP,
  EPOLLIN,
  EPOLLMSG,
  EPOLLONESHOT,
  EPOLLOUT,
  EPOLLPRI,
  EPOLLRDBAND,
  EPOLLRDHUP,
  EPOLLRDNORM,
  EPOLLWAKEUP,
  EPOLLWRBAND,
  EPOLLWRNORM,
} from './constants.ts';
export { Epoll } from './epoll.ts';
export type { EpollEvent } from './epoll-event.ts';
export type {
  EpollAddOptions,
  EpollEventsOptions,
  EpollPollOptions,
  EpollTarget,
  EpollWaitOptions,
} from './epoll-options.ts';
export type { EpollRegistration } from './epoll-registration.ts';
export { epollEventNames } from './event-names.ts';
export type { EpollEventName } from './event-names.ts';
