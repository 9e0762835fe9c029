#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/projections/lists.h"

namespace dolen::lists {
namespace {

using alert::v1::Alert;

int64_t MicrosOf(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1'000'000 + time.nanos() / 1000;
}

int LevelOf(const std::string& level, const pathway::v1::Rule& rule) {
  for (int i = 0; i < rule.level_size(); ++i) {
    if (rule.level(i).name() == level) return i;
  }
  return -1;
}

using ByClock = std::map<std::pair<std::string, std::string>, std::vector<const Alert*>>;

ByClock OpenByClock(const Said& said) {
  ByClock by_clock;
  for (const auto& [id, alert] : said) {
    if (IsOpen(alert)) by_clock[{alert.child(), alert.clock()}].push_back(&alert);
  }
  return by_clock;
}

// Of the open alerts of a clock the one that became true last; at one instant the higher level.
std::string AlertOf(const ByClock& open, const std::string& child, const std::string& clock,
                    const pathway::v1::Rule& rule) {
  const auto its = open.find({child, clock});
  if (its == open.end()) return "none";
  const auto place = [&](const Alert* one) {
    return std::make_pair(MicrosOf(one->since()), LevelOf(one->level(), rule));
  };
  const Alert& highest =
      **std::max_element(its->second.begin(), its->second.end(),
                         [&](const Alert* a, const Alert* b) { return place(a) < place(b); });
  return absl::StrCat(highest.alert_id(), " ", highest.level(), " ", highest.state(), " ",
                      highest.assigned_to());
}

// Who holds the clock at `at`, as they were called then.
std::string PausedBy(const second::Clock& clock, absl::Time at) {
  const second::Hold* const hold = second::HolderAt(clock.question, clock.answer, at);
  if (hold == nullptr || hold->owner.empty()) return "";
  std::string whose;
  for (const auto& [from, agency] : clock.parties_from.at(hold->owner)) {
    if (from <= at) whose = agency;
  }
  return whose;
}

bool IsOpenAt(const second::Clock& clock, absl::Time at) {
  return clock.closed_by != second::ClosedBy::kVoided && clock.start.from <= at &&
         clock.close.from > at;
}

void AddWork(const Model& model, const ByClock& open, const Child& child, absl::Time at,
             Lists& lists) {
  for (const second::Clock& clock : child.clocks) {
    if (!IsOpenAt(clock, at)) continue;
    const std::string name = clock.Name(model.root_name), state = second::StateAt(clock, at);
    const std::string line = absl::StrCat(
        child.key, " ", name, " matter ", clock.matter.agency(), " ", clock.matter.id(), " rule ",
        RuleText(clock.rule), " by ", clock.accountable, " for ", clock.waits, " from ",
        second::Micro(clock.start.from), " due ", second::Micro(clock.due), " target ",
        second::Micro(clock.target), " ", state, " ", state == "paused" ? PausedBy(clock, at) : "",
        " alert ", AlertOf(open, child.key, name, clock.rule));
    lists[clock.accountable].push_back("mine " + line);
    if (!clock.waits.empty()) lists[clock.waits].push_back("waiting " + line);
  }
}

void AddOffers(const Child& child, absl::Time at, Lists& lists) {
  for (const second::Offer& offer : child.responsibility.offers) {
    if (offer.from.at > at || offer.to.at <= at) continue;
    absl::Time due = absl::InfiniteFuture();
    for (const second::Clock& clock : child.clocks) {
      if (IsOpenAt(clock, at) && clock.accountable == offer.to_agency &&
          second::MatterName(clock.matter) == offer.matter) {
        due = std::min(due, clock.due);
      }
    }
    const std::string line = absl::StrCat(child.key, " offered ", offer.matter, " '", offer.part,
                                          "' ", offer.from_agency, " ", offer.to_agency, " since ",
                                          offer.from.text, " due ", second::Micro(due));
    for (const std::string& side : std::set<std::string>{offer.from_agency, offer.to_agency}) {
      if (!side.empty()) lists[side].push_back(line);
    }
  }
}

void AddHoldings(const Child& child, absl::Time at, Lists& lists) {
  std::set<std::string> agencies;
  for (const second::Holding& one : child.responsibility.holdings) agencies.insert(one.agency);
  for (const std::string& agency : agencies) {
    for (const std::string& line : child.responsibility.LinesOf(agency, at)) {
      lists[agency].push_back(absl::StrCat(child.key, " ", line));
    }
  }
}

// Who is accountable, who is to be told, to whom a person gave it; of a team its agency.
void AddAlerts(const Said& said, Lists& lists) {
  for (const auto& [id, alert] : said) {
    if (!IsOpen(alert)) continue;
    std::set<std::string> concerned = {alert.accountable()};
    std::vector<std::string> named(alert.to().begin(), alert.to().end());
    if (!alert.assigned_to().empty()) named.push_back(alert.assigned_to());
    for (const std::string& one : named) {
      concerned.insert(std::vector<std::string>(absl::StrSplit(one, '/'))[0]);
    }
    for (const std::string& agency : concerned) {
      lists[agency].push_back(absl::StrCat("alert ", AlertText(alert)));
    }
  }
}

}  // namespace

bool IsOpen(const Alert& alert) {
  return alert.state() != alert::v1::STATE_CLEARED && alert.state() != alert::v1::STATE_WITHDRAWN;
}

std::string AlertText(const Alert& alert) {
  return absl::StrCat(alert.alert_id(), " ", alert.child(), " ", alert.matter_agency(), ":",
                      alert.matter_id(), " ", alert.clock(), " ", alert.level(), " #",
                      alert.number(), " ", alert::v1::State_Name(alert.state()), " by ",
                      alert.accountable(), " due ", MicrosOf(alert.due()), " since ",
                      MicrosOf(alert.since()), " to ", absl::StrJoin(alert.to(), ","), " with ",
                      alert.assigned_to(), " answered ", alert.answer().kind(), " until ",
                      MicrosOf(alert.answer().until()), " of ", alert.household());
}

std::string RuleText(const pathway::v1::Rule& rule) {
  return absl::StrCat(rule.id(), " ", std::hash<std::string>()(rule.SerializeAsString()));
}

Lists Recomputed(const Model& model, absl::Time at) {
  Lists lists;
  const ByClock open = OpenByClock(model.said);
  for (const Child& child : model.children) {
    AddWork(model, open, child, at, lists);
    AddOffers(child, at, lists);
    AddHoldings(child, at, lists);
  }
  for (auto& [agency, lines] : lists) std::sort(lines.begin(), lines.end());
  return lists;
}

Lists RecomputedAlerts(const Said& said) {
  Lists lists;
  AddAlerts(said, lists);
  for (auto& [agency, lines] : lists) std::sort(lines.begin(), lines.end());
  return lists;
}

std::string Difference(const Lists& stored, const Lists& recomputed) {
  std::string text;
  std::set<std::string> agencies;
  for (const Lists* lists : {&stored, &recomputed}) {
    for (const auto& [agency, lines] : *lists) agencies.insert(agency);
  }
  const auto add = [&](const char* whose, const std::string& agency, const Lists& ours,
                       const Lists& others) {
    static const std::vector<std::string> kNone;
    const auto a = ours.find(agency), b = others.find(agency);
    const auto& mine = a == ours.end() ? kNone : a->second;
    const auto& theirs = b == others.end() ? kNone : b->second;
    std::vector<std::string> only;
    std::set_difference(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                        std::back_inserter(only));
    for (const std::string& line : only) absl::StrAppend(&text, whose, agency, ": ", line, "\n");
  };
  for (const std::string& agency : agencies) {
    add("rows  ", agency, stored, recomputed);
    add("naive ", agency, recomputed, stored);
  }
  return text;
}

}  // namespace dolen::lists
