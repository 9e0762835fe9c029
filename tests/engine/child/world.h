// A generated world for the property test: books, and the records of a shard in order. Everything
// comes from one seed.
#ifndef DOLEN_TESTS_ENGINE_CHILD_WORLD_H_
#define DOLEN_TESTS_ENGINE_CHILD_WORLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen::story {

struct Step {
  enum What { kEvent, kDuplicate, kConflict, kTick, kBook, kBackfill, kAction };
  What what = kTick;
  absl::Time written;
  int child = 0;              // with events and actions
  ledger::v1::Record record;  // without `written`
  std::string clock, level;   // of the alert, with actions
};

struct World {
  int children = 0;
  std::vector<Step> steps;
};

// Up to 30 events for each child over some weeks around the change to summer time: days and
// instants, ties, late arrivals, some ahead, several matters and agencies; books of 1 to 6 rules,
// the second and third in mid-stream; ticks at random; writers' clocks that go back a little.
World MakeWorld(uint64_t seed, int children);

}  // namespace dolen::story

#endif  // DOLEN_TESTS_ENGINE_CHILD_WORLD_H_
