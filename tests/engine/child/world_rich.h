// A generated world with everything the rule model knows, except the holding: as world.h, with
// corrections, threads, occasions, pauses, exceptions, wildcard keys and rich rules.
#ifndef DOLEN_TESTS_ENGINE_CHILD_WORLD_RICH_H_
#define DOLEN_TESTS_ENGINE_CHILD_WORLD_RICH_H_

#include <cstdint>

#include "tests/engine/child/world.h"

namespace dolen::story {

// Everything comes from the seed, also when it is: around Easter and summer time, the end of summer
// time, Christmas, or the end of February in a leap year.
World MakeRichWorld(uint64_t seed, int children);

}  // namespace dolen::story

#endif  // DOLEN_TESTS_ENGINE_CHILD_WORLD_RICH_H_
