// Responsibility across children: whom an agency holds, what is offered and not answered, whom
// nobody holds, whom two hold.
#ifndef DOLEN_PROJECTIONS_RESPONSIBILITY_RESPONSIBILITY_H_
#define DOLEN_PROJECTIONS_RESPONSIBILITY_RESPONSIBILITY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/base/ids.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"
#include "engine/shard/view.h"
#include "engine/store/store.h"

namespace dolen {

// Rows: agency, NUL, "o", since, child, hash of the matter: dolen.store.v1.OfferRow, under who
// offers and to whom; agency, NUL, "h", child: dolen.store.v1.HoldingRow, under each who holds the
// child or held it last. They say it for any time from the last event on: what lies ahead of it is
// in them as an instant. A child with a seal has none.
//
// A gap: nobody holds a part any more, and whoever held it last but for those who stood in had it
// handed over to them, or had offered it to another and is not rid of it.
// docs/decisions/2026-11-27-who-is-left-in-a-gap.md
class ResponsibilityView : public View {
 public:
  char letter() const override { return 'h'; }
  uint8_t version() const override { return 2; }
  void AddRows(const ChildKey& child, const ChildState& state, const Books& books,
               Rows& rows) const override;
};

// The rows of one child, for all agencies. `recorded`: when its last event was.
Rows ResponsibilityRowsOf(const ChildKey& child, const Picture& picture, absl::Time recorded,
                          const Books& books);

// A child whom the agency holds at the time asked for.
struct HoldingLine {
  std::string place;  // in the order of the list: by since
  ChildKey child;
  std::string part;   // empty: all of it
  std::string since;  // an instant in RFC 3339, or a day
  std::string by;     // "handover", "episode" or "cover"
};

struct HandoverLine {
  enum Kind : uint8_t { kOffered, kGap, kOverlap };
  std::string place;  // in the order of the list: longest waiting first
  Kind kind = kOffered;
  ChildKey child;
  std::string matter;                       // of an offer
  std::string part;                         // empty: all of it
  std::string from;                         // who offers; who held it last; one of the two
  std::string to;                           // to whom; nobody; the other
  std::string since;                        // an instant in RFC 3339, or a day
  absl::Time due = absl::InfiniteFuture();  // when the answer is late; never: no rule says so
};

struct Responsibility {
  std::vector<HoldingLine> holdings;
  std::vector<HandoverLine> handovers;
};

// Adds what a row says to one agency at `at`; other views' rows are none of it. `key` is without
// the view's prefix. kDataLoss: it cannot be parsed.
absl::Status AddResponsibility(absl::string_view key, absl::string_view value,
                               absl::string_view agency, absl::Time at, const Zone& zone,
                               Responsibility& all);
// Everything of one shard.
absl::Status ReadResponsibility(const StoreReader& store, absl::string_view agency, absl::Time at,
                                const Zone& zone, Responsibility& all);

// One JSON object each, as openapi.json says it; and as tables.
std::string HoldingJson(const HoldingLine& line);
std::string HoldingCsvHead();
std::string HoldingCsv(const HoldingLine& line);
std::string HandoverJson(const HandoverLine& line);
std::string HandoverCsvHead();
std::string HandoverCsv(const HandoverLine& line);
absl::string_view HandoverKindName(HandoverLine::Kind kind);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_RESPONSIBILITY_RESPONSIBILITY_H_
