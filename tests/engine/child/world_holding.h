// A generated world in which responsibility for children passes: as world.h, with handovers,
// episodes, cover, passings of the book, and corrections of them among the other events.
#ifndef DOLEN_TESTS_ENGINE_CHILD_WORLD_HOLDING_H_
#define DOLEN_TESTS_ENGINE_CHILD_WORLD_HOLDING_H_

#include <cstdint>

#include "tests/engine/child/world.h"

namespace dolen::story {

// Everything comes from the seed. Every fourth world is a rich one (world_rich.h) beneath.
World MakeHoldingWorld(uint64_t seed, int children);

}  // namespace dolen::story

#endif  // DOLEN_TESTS_ENGINE_CHILD_WORLD_HOLDING_H_
