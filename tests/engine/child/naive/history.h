// What counts of all that was said, in order: events as last corrected, and moments among them; who
// asked whom; which matters are one thread.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_HISTORY_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_HISTORY_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/engine/child/naive/words.h"

namespace dolen::second {

// An event, or the moment at which a clock of another rule falls due.
struct Entry {
  // As last corrected, with the root's id; of a moment: its matter. Shared, since entries are
  // copied more often than all else.
  std::shared_ptr<const event::v1::Open> shared;
  const event::v1::Open& open() const { return *shared; }
  std::string backfill;
  std::string root;   // opaque identity: of an event its agency, a line feed, and its root's id
  Span span;          // in the zone of the rule
  absl::Time stands;  // in the order; a day at its 00:00 UTC
  absl::Time recorded = absl::InfinitePast();  // what it says now; of a moment: never
  bool voided = false;
  std::string overdue;  // of a moment: the rule whose clock fell due
  absl::Time began;     // of a moment: when that clock started
  bool IsMoment() const { return !overdue.empty(); }
};
bool Earlier(const Entry& x, const Entry& y);
using Seen = std::vector<const Entry*>;  // in order

// The live events, in order. With voided ones: these too, marked, as they were said.
std::vector<Entry> LiveOf(const std::vector<Said>& said, const std::string& zone, bool with_voided);

// A kind in lower case without prefix, or a milestone.
std::string NameOf(const event::v1::Open& open);

// "agency:id", with % and : of the agency escaped; "standing" without a matter.
std::string MatterName(const event::v1::Matter& matter);

// Which matters follow which.
class Threads {
 public:
  explicit Threads(const std::vector<Entry>& events);
  // Name of the matter at the beginning.
  std::string Of(const event::v1::Matter& matter) const;

 private:
  std::map<std::string, std::string> before_;  // names
};

// Whose clock it is.
struct Subject {
  std::string starter;
  event::v1::Matter matter;
  std::string thread;  // of clocks of threads: the thread's name
};
// The agency that a party is, by what is seen; a party that is not known keeps its own name.
std::string PartyOf(const std::string& party, const Subject& subject, const Seen& seen,
                    const Threads& threads, const Library& library);

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_HISTORY_H_
