#include "engine/pathway/index.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "engine/pathway/about.h"
#include "engine/pathway/limits.h"

namespace dolen {
namespace {

using pathway::v1::Limit;
using pathway::v1::Pattern;
using pathway::v1::Rule;

constexpr absl::string_view kException = "exception_authorised";

// Names of the events that a pattern or one of its alternatives may fit; what came earlier is
// another matter.
void CollectNames(const Pattern& pattern, std::set<std::string>& names) {
  if (!pattern.is().empty()) names.insert(pattern.is());
  for (const Pattern& other : pattern.or_()) CollectNames(other, names);
}

template <typename Visit>
void ForEachPattern(const Pattern& pattern, const Visit& visit) {
  visit(pattern);
  for (const Pattern& other : pattern.or_()) ForEachPattern(other, visit);
  for (const Pattern& earlier : pattern.given()) ForEachPattern(earlier, visit);
  for (const Pattern& earlier : pattern.unless()) ForEachPattern(earlier, visit);
}

class Compiler {
 public:
  explicit Compiler(RuleVersion& version) : version_(version) {}

  void Run() {
    const Rule& rule = version_.rule;
    version_.uses.clear();
    for (int i = 0; i < rule.start_size(); ++i) Use(PatternUse::kStart, i, rule.start(i));
    for (int i = 0; i < rule.stop_size(); ++i) Use(PatternUse::kStop, i, rule.stop(i));
    if (rule.has_cancel()) Use(PatternUse::kCancel, 0, rule.cancel());
    for (int i = 0; i < rule.pause_size(); ++i) {
      Use(PatternUse::kPauseBegin, i, rule.pause(i).begin());
      Use(PatternUse::kPauseEnd, i, rule.pause(i).end());
    }
    ForEachLimit(rule, [&](const Limit& limit, int i) {
      if (limit.from().has_event()) Use(PatternUse::kFrom, i, limit.from().event());
      if (limit.has_when()) Earlier(limit.when());
    });
    version_.is_plain = IsPlain();
    version_.about = AboutOf(rule);
  }

 private:
  void Use(PatternUse::Role role, int index, const Pattern& pattern) {
    version_.uses.push_back({role, index, &pattern});
    Earlier(pattern);
  }
  // What must be remembered for the sake of this pattern.
  void Earlier(const Pattern& pattern) {
    for (const Pattern& other : pattern.or_()) Earlier(other);
    for (const Pattern& earlier : pattern.given()) Use(PatternUse::kEarlier, earlier_++, earlier);
    for (const Pattern& earlier : pattern.unless()) Use(PatternUse::kEarlier, earlier_++, earlier);
  }

  bool IsPlain() const {
    const Rule& rule = version_.rule;
    bool plain =
        rule.which() == Rule::FIRST && rule.pause_size() == 0 && rule.exception_by().empty();
    // Other keys may turn out later to be another's, or to have had earlier events.
    for (const std::string& per : rule.per()) plain &= per == "matter" || per == "child";
    ForEachLimit(rule, [&](const Limit& limit, int) {
      if (limit.from().has_event() || limit.has_within()) plain = false;
    });
    for (const PatternUse& use : version_.uses) {
      if (IsMoment(*use.pattern)) plain = false;
    }
    return plain;
  }

 public:
  static bool IsMoment(const Pattern& pattern) {
    return !pattern.overdue().empty() || pattern.holding() != Pattern::NONE ||
           std::any_of(pattern.or_().begin(), pattern.or_().end(), IsMoment);
  }

 private:
  RuleVersion& version_;
  int earlier_ = 0;
};

class Indexer {
 public:
  Indexer(absl::Span<RuleFamily> families, Index& index) : families_(families), index_(index) {}

  void Run(absl::Span<const pathway::v1::Passing> passings) {
    for (size_t i = 0; i < families_.size(); ++i) {
      families_[i].watchers.clear();
      families_[i].watched.clear();
      families_[i].watches = families_[i].watches_holding = false;
    }
    for (size_t i = 0; i < families_.size(); ++i) {
      RuleFamily& family = families_[i];
      for (size_t v = 0; v < family.versions.size(); ++v) {
        Compiler(family.versions[v]).Run();
        if (family.versions.size() > 1) family.versions[v].is_plain = false;
        Add(static_cast<int>(i), static_cast<int>(v));
      }
    }
    for (size_t i = 0; i < families_.size(); ++i) CloseWatched(static_cast<int>(i));
    for (const pathway::v1::Passing& passing : passings) {
      Party(passing.from());
      Party(passing.to());
      ReadFields(passing.on());
    }
  }

 private:
  Interest& InterestOf(int family, const std::string& name) {
    std::vector<Interest>& interests = index_.events[name];
    if (interests.empty() || interests.back().family != family) interests.push_back({family, {}});
    return interests.back();
  }

  void Add(int family, int version) {
    const RuleVersion& of = families_[family].versions[version];
    for (size_t u = 0; u < of.uses.size(); ++u) {
      std::set<std::string> names;
      CollectNames(*of.uses[u].pattern, names);
      for (const std::string& name : names) {
        InterestOf(family, name).uses.emplace_back(version, static_cast<int>(u));
      }
      ForEachPattern(*of.uses[u].pattern,
                     [&](const Pattern& pattern) { Watches(pattern, family); });
      ReadFields(*of.uses[u].pattern);
    }
    const Rule& rule = of.rule;
    if (!rule.exception_by().empty()) {
      InterestOf(family, std::string(kException)).may_excuse = true;
      Party(rule.exception_by());
    }
    Party(rule.accountable());
    for (const pathway::v1::Level& level : rule.level()) {
      for (const std::string& audience : level.audience()) {
        Party(audience.substr(0, audience.find('/')));
      }
    }
    for (const pathway::v1::Pause& pause : rule.pause()) Party(pause.owner());
    ForEachLimit(rule, [&](const Limit& limit, int) {
      Party(limit.calendar_of());
      if (limit.has_when()) ReadFields(limit.when());
      if (limit.from().field() == "birth_month") index_.reads_birth = true;
    });
  }

  void Watches(const Pattern& pattern, int family) {
    if (pattern.holding() != Pattern::NONE) {
      families_[family].watches_holding = index_.reads_holding = true;
    }
    if (pattern.overdue().empty()) return;
    families_[family].watches = index_.watches = true;
    for (size_t i = 0; i < families_.size(); ++i) {
      std::vector<int>& watched = families_[family].watched;
      const int other = static_cast<int>(i);
      if (families_[i].id == pattern.overdue() &&
          std::find(watched.begin(), watched.end(), other) == watched.end()) {
        watched.push_back(other);
      }
    }
  }

  // Adds those that are watched by those that this one watches, and tells all of them.
  void CloseWatched(int family) {
    std::vector<int>& watched = families_[family].watched;
    for (size_t i = 0; i < watched.size(); ++i) {
      for (const int other : std::vector<int>(families_[watched[i]].watched)) {
        if (other != family && std::find(watched.begin(), watched.end(), other) == watched.end()) {
          watched.push_back(other);
        }
      }
    }
    std::sort(watched.begin(), watched.end());
    for (const int other : watched) families_[other].watchers.push_back(family);
  }

  void ReadFields(const Pattern& pattern) {
    ForEachPattern(pattern, [&](const Pattern& one) {
      for (const pathway::v1::Test& test : one.where()) {
        if (test.field() == "age") index_.reads_birth = true;
      }
    });
  }

  void Party(const std::string& party) {
    if (absl::StartsWith(party, "role:") || absl::StartsWith(party, "kind:")) {
      index_.named_parties.insert(party);
    }
  }

  const absl::Span<RuleFamily> families_;
  Index& index_;
};

}  // namespace

Index MakeIndex(absl::Span<RuleFamily> families, absl::Span<const pathway::v1::Passing> passings) {
  Index index;
  Indexer(families, index).Run(passings);
  return index;
}

}  // namespace dolen
