#include "engine/child/key.h"

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "engine/pathway/pattern.h"

namespace dolen {
namespace {

constexpr absl::string_view kMissing = "*";  // in the key of a duty that is partial

// A matter's name has its own percent signs doubled already.
std::string NamePart(absl::string_view name) {
  return absl::StrReplaceAll(name, {{"/", "%2F"}, {"*", "%2A"}});
}

}  // namespace

bool IsPer(const RuleFamily& family, absl::string_view what) {
  return family.per_size() == 1 && family.per(0) == what;
}

// Values are joined by "/" to the text of a key, so that they must not hold one themselves.
std::string KeyPart(absl::string_view value) {
  return absl::StrReplaceAll(value, {{"%", "%25"}, {"/", "%2F"}, {"*", "%2A"}});
}

std::string ValueOf(absl::string_view key_part) {
  return absl::StrReplaceAll(key_part, {{"%25", "%"}, {"%2F", "/"}, {"%2A", "*"}});
}

Key KeyOf(const RuleFamily& family, const Picture& picture, int matter,
          const event::v1::Open& open) {
  Key key;
  if (IsPer(family, "matter")) {
    key.matter = matter;
    return key;
  }
  if (IsPer(family, "child")) return key;
  if (IsPer(family, "thread")) {
    key.text = ThreadName(picture.matters, picture.matters[matter]);
    return key;
  }
  std::vector<std::string> parts;
  for (int i = 0; i < family.per_size(); ++i) {
    const std::string& per = family.per(i);
    if (per == "matter") {
      parts.push_back(NamePart(picture.matters[matter].Name()));
    } else if (per == "thread") {
      parts.push_back(NamePart(ThreadName(picture.matters, picture.matters[matter])));
    } else if (per == "agency") {
      parts.push_back(KeyPart(open.agency()));
    } else if (per == "child") {
      parts.push_back("child");
    } else {
      const absl::optional<std::string> value = FieldText(open, per);
      key.is_partial |= !value;
      parts.push_back(value ? KeyPart(*value) : std::string(kMissing));
    }
  }
  key.text = absl::StrJoin(parts, "/");
  return key;
}

int MatterOf(const RuleFamily& family, const Picture& picture, const Duty& duty) {
  if (duty.matter >= 0) return duty.matter;
  const std::vector<absl::string_view> parts = absl::StrSplit(duty.key, '/');
  for (int i = 0; i < family.per_size(); ++i) {
    if (family.per(i) != "matter" && family.per(i) != "thread") continue;
    const bool is_whole = family.per_size() == 1;  // then the name stands as it is
    for (size_t matter = 0; matter < picture.matters.size(); ++matter) {
      const std::string name = picture.matters[matter].Name();
      if (is_whole ? duty.key == name
                   : i < static_cast<int>(parts.size()) && parts[i] == NamePart(name)) {
        return static_cast<int>(matter);
      }
    }
    return -1;
  }
  return -1;
}

bool Agrees(absl::string_view whole, absl::string_view partial) {
  const std::vector<absl::string_view> a = absl::StrSplit(whole, '/');
  const std::vector<absl::string_view> b = absl::StrSplit(partial, '/');
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && b[i] != kMissing) return false;
  }
  return true;
}

}  // namespace dolen
