// The key of a duty: what one rule is applied to. Pure. Internal to engine/child.
#ifndef DOLEN_ENGINE_CHILD_KEY_H_
#define DOLEN_ENGINE_CHILD_KEY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "engine/child/picture.h"
#include "engine/pathway/books.h"

namespace dolen {

struct Key {
  int matter = -1;   // index; -1: not per matter alone
  std::string text;  // empty: the child, or per matter alone
  bool is_partial = false;
};

// The key of a rule for an event of this matter.
Key KeyOf(const RuleFamily& family, const Picture& picture, int matter,
          const event::v1::Open& open);

// Whether `what` is all that the rule's key is made of.
bool IsPer(const RuleFamily& family, absl::string_view what);
// The matter, as an index, that a duty's key names, alone or beside other things; also where it
// names the thread of that matter. -1: none.
int MatterOf(const RuleFamily& family, const Picture& picture, const Duty& duty);
// Whether a whole key agrees with one of which parts are missing.
bool Agrees(absl::string_view whole, absl::string_view partial);
// The key of a rule that is per one field, for a value of it; and the other way round.
std::string KeyPart(absl::string_view value);
std::string ValueOf(absl::string_view key_part);

}  // namespace dolen

#endif  // DOLEN_ENGINE_CHILD_KEY_H_
