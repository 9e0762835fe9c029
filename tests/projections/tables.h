// The tables of numbers (performance, delay, flow) of a store against a second way of adding up:
// child by child from the rows of the figures view, into plain sums by the texts of the columns.
#ifndef DOLEN_TESTS_PROJECTIONS_TABLES_H_
#define DOLEN_TESTS_PROJECTIONS_TABLES_H_

#include <cstdint>

#include "engine/store/store.h"

namespace dolen::tables {

// Fails the test unless, however lines are told apart, each cell is the sum over its children, and
// the total the sum of the lines; through a mask by the sums over the register, rounded as
// small_numbers.h says. Returns how many cells were looked at.
int64_t ExpectSums(const StoreReader& store);

}  // namespace dolen::tables

#endif  // DOLEN_TESTS_PROJECTIONS_TABLES_H_
