// What lists and numbers say of children with a sealed record. Such a child stands on no stored
// list: what is true of it depends on who asks, so it is drawn for each agency that asks. What came
// of it is kept until anything of the child changes, or its next deadline comes.
//
// Threads: any.
#ifndef DOLEN_DEPLOY_API_SEALED_LISTS_H_
#define DOLEN_DEPLOY_API_SEALED_LISTS_H_

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "deploy/api/readings.h"
#include "engine/base/digest.h"
#include "engine/base/ids.h"
#include "engine/shard/view.h"
#include "projections/alerts/alerts_view.h"
#include "projections/figures/figures_view.h"

namespace dolen {

// Of one child, for one agency: the rows that it would have, were what is sealed not there.
struct SealedLines {
  ChildKey child;
  Rows work;                        // of the worklist, under this agency
  Rows responsibility;              // likewise
  std::vector<AgencyAlert> alerts;  // open ones that concern it, in any order
  ChildFigures figures;             // for nobody's agency (""): what counts in numbers
};

class SealedLists {
 public:
  // Calls `see` for every child with seals. `agency` empty: what is sealed to nobody.
  absl::Status ForEach(
      const Glances& glances, const std::string& agency,
      absl::FunctionRef<absl::Status(const Glance& shard, const SealedLines& lines)> see);
  // How many were drawn so far.
  int drawn() const;

 private:
  static constexpr size_t kMost = 100'000;
  // What was kept, and of what it was drawn: it is good for the same, as of [from, until).
  struct Kept {
    std::string made_of;
    absl::Time from, until;
    std::shared_ptr<const SealedLines> lines;
  };
  absl::StatusOr<std::shared_ptr<const SealedLines>> Of(const Glance& shard, const ChildKey& child,
                                                        const std::string& agency,
                                                        absl::string_view made_of);

  mutable std::mutex mutex_;                                             // guards what follows
  absl::flat_hash_map<std::pair<std::string, std::string>, Kept> kept_;  // by child and agency
  int drawn_ = 0;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_SEALED_LISTS_H_
