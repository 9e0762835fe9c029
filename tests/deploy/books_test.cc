// The books that boards read: what each of them must say, and what it must not claim.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/pathway/book.h"
#include "engine/pathway/pattern.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace dolen {
namespace {

using pathway::v1::Book;
using pathway::v1::Limit;
using pathway::v1::Pattern;
using pathway::v1::Rule;

constexpr char kUnconfirmed[] = "unconfirmed timescale";
constexpr char kUnconfirmedWelsh[] = "amserlen heb ei chadarnhau";
constexpr char kFolder[] = "deploy/books";

// How well a timescale is confirmed: S in an Act or Regulations, G in guidance or an official
// statistic; U only reported, unconfirmed or disputed.
enum class Mark { kS, kG, kU };

struct Timescale {
  const char* id;
  Mark mark;
};

// Every timescale that is known, Wales, England, Scotland, by how well its source confirms it.
constexpr Timescale kTimescales[] = {
    // Reports and first decisions.
    {"W-RPT-CONFIRM", Mark::kG},
    {"W-RPT-DECIDE", Mark::kG},
    {"W-RPT-ACK-CHASE", Mark::kG},
    {"W-RPT-CRIME", Mark::kG},
    {"W-RPT-OOH", Mark::kG},
    {"W-POT-NOTIFY", Mark::kG},
    {"W-STRAT", Mark::kU},
    {"W-POLPROT", Mark::kU},
    {"W-EPO", Mark::kU},
    {"W-RPT-S164", Mark::kS},
    // Enquiries, conference, core group, reviews.
    {"W-S47", Mark::kU},
    {"W-ICPC", Mark::kU},
    {"W-ICPC-OUTLINE", Mark::kG},
    {"W-CORE-1", Mark::kG},
    {"W-CORE-N", Mark::kG},
    {"W-RCPC-1", Mark::kG},
    {"W-RCPC-N", Mark::kG},
    {"W-ASSESS-CP", Mark::kG},
    {"W-ASSESS-CS", Mark::kU},
    {"W-CPR-DENIED", Mark::kG},
    {"W-DISAGREE", Mark::kG},
    // Moves. W-MOVE-WRITE is guidance, but which days it means is not stated.
    {"W-MOVE-TELL", Mark::kG},
    {"W-MOVE-WRITE", Mark::kU},
    {"W-MOVE-CONF", Mark::kG},
    {"W-MOVE-LONG", Mark::kG},
    {"W-MOVE-RESP", Mark::kG},
    // Care-experienced children.
    {"W-LAC-PLAN", Mark::kS},
    {"W-LAC-VISIT-1", Mark::kS},
    {"W-LAC-VISIT-N", Mark::kS},
    {"W-LAC-VISIT-TEMP", Mark::kS},
    {"W-LAC-VISIT-P", Mark::kS},
    {"W-LAC-PARENT-A", Mark::kS},
    {"W-LAC-PARENT-D", Mark::kS},
    {"W-LAC-SHORT", Mark::kS},
    {"W-LAC-HEALTH-1", Mark::kU},
    {"W-LAC-HEALTH-1-2007", Mark::kS},
    {"W-LAC-GP-2007", Mark::kS},
    {"W-LAC-HEALTH-N", Mark::kU},
    {"W-LAC-REV-1", Mark::kU},
    {"W-LAC-REV-2", Mark::kU},
    {"W-LAC-REV-N", Mark::kU},
    {"W-LAC-NOTIFY", Mark::kU},
    {"W-LAC-RECORD", Mark::kU},
    // Police, schools, missing children.
    {"W-ENCOMPASS", Mark::kU},
    {"W-PPN", Mark::kU},
    {"W-MISS-RHI", Mark::kU},
    {"W-MISS-PREV", Mark::kU},
    {"W-MISS-DEF", Mark::kU},
    {"W-CTF", Mark::kU},
    {"W-CME", Mark::kU},
    {"W-ALN-SCH", Mark::kU},
    {"W-ALN-LA", Mark::kU},
    {"W-ALN-NHS", Mark::kU},
    // Health.
    {"W-LPMHSS-A", Mark::kG},
    {"W-LPMHSS-I", Mark::kG},
    {"W-MHM-P3", Mark::kG},
    {"W-SCAMHS", Mark::kG},
    {"W-TRANSITION", Mark::kU},
    {"W-NEURODEV", Mark::kU},
    {"W-DISCHARGE", Mark::kU},
    {"W-PRUDIC", Mark::kU},
    // Learning reviews: the steps are confirmed, and no duration is used.
    {"W-SUSR", Mark::kG},
    // England.
    {"E-RPT-DECIDE", Mark::kU},
    {"E-ASSESS", Mark::kU},
    {"E-ICPC", Mark::kU},
    {"E-CORE", Mark::kU},
    {"E-RCPC", Mark::kU},
    {"E-MOVE-CONF", Mark::kU},
    {"E-MOVE-TELL", Mark::kU},
    {"E-MISS-RHI", Mark::kU},
    {"E-RAPID", Mark::kU},
    {"E-CSPR", Mark::kU},
    {"E-LAC-HEALTH-N", Mark::kU},
    // Scotland.
    {"S-IRD", Mark::kG},
    {"S-CPPM-NOTICE", Mark::kG},
    {"S-CPPM", Mark::kG},
    {"S-CPPM-UNBORN", Mark::kG},
    {"S-CPPM-INQ", Mark::kG},
    {"S-CPPM-REC", Mark::kG},
    {"S-CORE", Mark::kG},
    {"S-CORE-CHG", Mark::kG},
    {"S-CPCC-2014", Mark::kG},
    {"S-CORE-2014", Mark::kG},
    {"S-MIN-2014", Mark::kG},
};

// Timescales without a rule of their own. One is no clock: responsibility passes (Passing). The
// others are earlier versions of the rules named here.
const std::map<std::string, std::string> kNoRuleOfItsOwn = {{"W-MOVE-RESP", ""},
                                                            {"S-CPCC-2014", "S-CPPM"},
                                                            {"S-CORE-2014", "S-CORE"},
                                                            {"S-MIN-2014", "S-CPPM-REC"}};

// Rules that a timescale of two steps or phases needs besides the one that bears its name, and the
// clock without a number that shows one wait.
const std::map<std::string, Mark> kSecondRules = {{"W-RPT-ACK", Mark::kG},
                                                  {"W-DISAGREE-SENIOR", Mark::kG},
                                                  {"W-LAC-VISIT-TEMP-4", Mark::kS},
                                                  {"W-LAC-VISIT-P-6", Mark::kS},
                                                  {"one-wait", Mark::kU}};

struct Shipped {
  std::string path;  // below deploy/books, without ".textproto"
  std::string text;
  Book book;
  bool parsed = false;

  bool IsNational() const {
    return absl::StartsWith(path, "wales/") || path == "england" || path == "scotland";
  }
};

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// All of them, by path.
const std::vector<Shipped>& ShippedBooks() {
  static const auto* const books = [] {
    std::map<std::string, Shipped> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
      if (entry.path().extension() != ".textproto") continue;
      Shipped one;
      one.path = std::filesystem::relative(entry.path(), kFolder).replace_extension().string();
      one.text = Read(entry.path());
      one.parsed = google::protobuf::TextFormat::ParseFromString(one.text, &one.book);
      found[one.path] = one;
    }
    auto* all = new std::vector<Shipped>;
    for (auto& [path, one] : found) all->push_back(std::move(one));
    return all;
  }();
  return *books;
}

template <typename Visit>
void ForEachRule(const Visit& visit) {
  for (const Shipped& shipped : ShippedBooks()) {
    for (const Rule& rule : shipped.book.rule()) visit(shipped, rule);
  }
}

bool HasAudience(const Rule& rule) {
  return std::any_of(rule.level().begin(), rule.level().end(),
                     [](const pathway::v1::Level& level) { return level.audience_size() > 0; });
}

bool HasLevel(const Rule& rule, const std::string& name) {
  return std::any_of(rule.level().begin(), rule.level().end(),
                     [&](const pathway::v1::Level& level) { return level.name() == name; });
}

// What rules ask for: by name, which rules.
struct Vocabulary {
  std::map<std::string, std::set<std::string>> milestones, fields;
  std::set<std::string> codes;

  void Take(const Pattern& pattern, const std::string& rule) {
    if (!pattern.is().empty() && KindOf(pattern.is()) == event::v1::KIND_UNSPECIFIED) {
      milestones[pattern.is()].insert(rule);
    }
    for (const pathway::v1::Test& test : pattern.where()) {
      fields[test.field()].insert(rule);
      codes.insert(test.is().begin(), test.is().end());
    }
    for (const Pattern& earlier : pattern.given()) Take(earlier, rule);
    for (const Pattern& earlier : pattern.unless()) Take(earlier, rule);
    for (const Pattern& other : pattern.or_()) Take(other, rule);
  }

  void Take(const Limit& limit, const std::string& rule) {
    Take(limit.when(), rule);
    Take(limit.from().event(), rule);
    if (!limit.from().field().empty()) fields[limit.from().field()].insert(rule);
  }

  void Take(const Rule& rule) {
    for (const Pattern& start : rule.start()) Take(start, rule.id());
    for (const Pattern& stop : rule.stop()) Take(stop, rule.id());
    Take(rule.cancel(), rule.id());
    for (const pathway::v1::Pause& pause : rule.pause()) {
      Take(pause.begin(), rule.id());
      Take(pause.end(), rule.id());
      codes.insert(pause.cause().begin(), pause.cause().end());
    }
    for (const Limit& limit : rule.limit()) Take(limit, rule.id());
    for (const Limit& target : rule.target()) Take(target, rule.id());
    for (const std::string& key : rule.per()) {
      const bool is_built_in =
          key == "matter" || key == "child" || key == "thread" || key == "agency";
      if (!is_built_in) fields[key].insert(rule.id());
    }
  }
};

Vocabulary Used() {
  Vocabulary used;
  for (const Shipped& shipped : ShippedBooks()) {
    for (const Rule& rule : shipped.book.rule()) used.Take(rule);
    for (const pathway::v1::Passing& passing : shipped.book.passing()) {
      used.Take(passing.on(), "W-MOVE-RESP");
    }
  }
  return used;
}

// The rows of the tables of docs/milestones.md: the name in their first column, the rules in their
// third, if that is how they look. `heading` is the table's first column.
std::map<std::string, std::set<std::string>> Table(const std::string& heading) {
  std::map<std::string, std::set<std::string>> rows;
  bool is_inside = false;
  const std::string text = Read("docs/milestones.md");
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::StartsWith(line, "|")) is_inside = false;
    if (absl::StartsWith(line, absl::StrCat("| ", heading, " |"))) is_inside = true;
    if (!is_inside || !absl::ConsumePrefix(&line, "| `")) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, " | ");
    if (cells.size() != 3) {
      ADD_FAILURE() << "a row of docs/milestones.md has not three columns: " << line;
      continue;
    }
    const std::string name(absl::StripSuffix(cells[0], "`"));
    EXPECT_FALSE(cells[1].empty()) << name;
    const std::vector<std::string> rules = absl::StrSplit(absl::StripSuffix(cells[2], " |"), ", ");
    EXPECT_TRUE(rows.emplace(name, std::set<std::string>(rules.begin(), rules.end())).second)
        << name << " is in docs/milestones.md twice";
  }
  return rows;
}

void ExpectSame(const std::map<std::string, std::set<std::string>>& used,
                const std::map<std::string, std::set<std::string>>& listed) {
  for (const auto& [name, rules] : used) {
    const auto row = listed.find(name);
    if (row == listed.end()) {
      ADD_FAILURE() << name << " of " << absl::StrJoin(rules, ", ")
                    << " is not in docs/milestones.md";
    } else {
      EXPECT_EQ(absl::StrJoin(row->second, ", "), absl::StrJoin(rules, ", ")) << name;
    }
  }
  for (const auto& [name, rules] : listed) {
    EXPECT_TRUE(used.contains(name)) << name << " is in docs/milestones.md, and no book uses it";
  }
}

TEST(ShippedBooks, EachIsABookWithAnOwnerAndAnIdOfItsOwn) {
  std::set<std::string> ids;
  std::vector<std::string> paths;
  for (const Shipped& shipped : ShippedBooks()) {
    paths.push_back(shipped.path);
    EXPECT_TRUE(shipped.parsed) << shipped.path << " is not a book in protobuf text format";
    EXPECT_FALSE(shipped.book.owner().empty()) << shipped.path;
    EXPECT_FALSE(shipped.book.version().empty()) << shipped.path;
    EXPECT_EQ(shipped.book.zone(), "Europe/London") << shipped.path;
    EXPECT_TRUE(ids.insert(shipped.book.id()).second) << shipped.path << ": id used twice";
  }
  EXPECT_EQ(absl::StrJoin(paths, " "),
            "charity-template demo england scotland uk-calendars wales/care-experienced-children "
            "wales/enquiries-and-conference wales/learning-reviews wales/mental-health "
            "wales/missing-children wales/moves-between-authorities wales/police-and-schools "
            "wales/reports-and-first-decisions wales/therapeutic-support");
}

TEST(ShippedBooks, EachPassesTheCheckBesideTheCalendars) {
  Book calendars;
  for (const Shipped& shipped : ShippedBooks()) {
    if (shipped.path == "uk-calendars") calendars = shipped.book;
  }
  for (const Shipped& shipped : ShippedBooks()) {
    for (const Finding& finding : ParseBook(shipped.text, calendars).findings) {
      EXPECT_EQ(finding.severity, Finding::kWarning) << FindingText(shipped.path, finding);
    }
  }
}

TEST(ShippedBooks, AreAllInTheReadme) {
  const std::string readme = Read(absl::StrCat(kFolder, "/README.md"));
  for (const Shipped& shipped : ShippedBooks()) {
    EXPECT_TRUE(absl::StrContains(readme, absl::StrCat("`", shipped.path, "`"))) << shipped.path;
  }
}

TEST(ShippedBooks, EachRuleNamesItsSourceWhoActsAndItselfInBothLanguages) {
  ForEachRule([](const Shipped& shipped, const Rule& rule) {
    const std::string place = absl::StrCat(shipped.path, ": ", rule.id());
    EXPECT_FALSE(rule.title().cy().empty()) << place;
    EXPECT_FALSE(rule.title().en().empty()) << place;
    EXPECT_FALSE(rule.source().title().empty()) << place;
    EXPECT_FALSE(rule.source().paragraph().empty()) << place;
    EXPECT_FALSE(rule.accountable().empty()) << place;
    EXPECT_GT(rule.start_size(), 0) << place;
  });
}

TEST(ShippedBooks, AdvisoryRulesTellNobodyAndSayThatTheyAreUnconfirmed) {
  ForEachRule([](const Shipped& shipped, const Rule& rule) {
    const bool is_advisory = rule.weight() == Rule::ADVISORY;
    const std::string place = absl::StrCat(shipped.path, ": ", rule.id());
    EXPECT_EQ(absl::StrContains(rule.title().en(), kUnconfirmed), is_advisory) << place;
    EXPECT_EQ(absl::StrContains(rule.title().cy(), kUnconfirmedWelsh), is_advisory) << place;
    EXPECT_FALSE(is_advisory && HasAudience(rule)) << place;
    EXPECT_EQ(absl::StrContains(rule.source().paragraph(), kUnconfirmed), is_advisory) << place;
  });
}

// What falls due warns beforehand and says when it is late. Due times that are known only once they
// are there (a discharge, nobody holding, a silence) cannot warn; standing duties have neither.
TEST(ShippedBooks, RulesThatFallDueHaveLevelsAndStandingOnesHaveNone) {
  const std::set<std::string> no_warning = {"W-DISCHARGE", "OUR-NOBODY", "OUR-SILENCE"};
  ForEachRule([&](const Shipped& shipped, const Rule& rule) {
    const std::string place = absl::StrCat(shipped.path, ": ", rule.id());
    const bool falls_due = rule.limit_size() > 0;
    EXPECT_EQ(HasLevel(rule, "overdue"), falls_due) << place;
    EXPECT_EQ(HasLevel(rule, "due_soon"), falls_due && !no_warning.contains(rule.id())) << place;
  });
}

// A rule that may page does, unless it has ended: what began under it is old by now.
TEST(ShippedBooks, ConfirmedRulesTellSomebodyUntilTheyEnd) {
  ForEachRule([](const Shipped& shipped, const Rule& rule) {
    if (rule.weight() == Rule::ADVISORY || rule.limit_size() == 0) return;
    EXPECT_EQ(HasAudience(rule), rule.valid_to().empty()) << shipped.path << ": " << rule.id();
  });
}

TEST(NationalBooks, HoldEveryKnownTimescaleOnceAndNoOther) {
  std::set<std::string> expected;
  for (const auto& [id, mark] : kSecondRules) expected.insert(id);
  for (const Timescale& timescale : kTimescales) {
    if (!kNoRuleOfItsOwn.contains(timescale.id)) expected.insert(timescale.id);
  }
  std::map<std::string, std::string> found;  // rule id to book
  ForEachRule([&](const Shipped& shipped, const Rule& rule) {
    if (!shipped.IsNational()) return;
    const auto [place, is_new] = found.emplace(rule.id(), shipped.path);
    EXPECT_TRUE(is_new || place->second == shipped.path) << rule.id() << " is in two books";
    EXPECT_TRUE(expected.contains(rule.id())) << rule.id() << " is no known timescale";
  });
  for (const std::string& id : expected) EXPECT_TRUE(found.contains(id)) << id << " is missing";
}

TEST(NationalBooks, ClaimNoMoreWeightThanTheSourceConfirms) {
  std::map<std::string, Mark> marks = kSecondRules;
  for (const Timescale& timescale : kTimescales) {
    EXPECT_TRUE(marks.emplace(timescale.id, timescale.mark).second) << timescale.id;
  }
  ForEachRule([&](const Shipped& shipped, const Rule& rule) {
    if (!marks.contains(rule.id())) return;  // of the template, of the demonstration
    const Mark mark = marks.at(rule.id());
    EXPECT_EQ(rule.weight(), mark == Mark::kS   ? Rule::STATUTE
                             : mark == Mark::kG ? Rule::GUIDANCE
                                                : Rule::ADVISORY)
        << shipped.path << ": " << rule.id();
  });
}

// Guidance of 2014 and of 2021: one rule, two versions, of which the first ends where the second
// begins and has the number of its own.
TEST(NationalBooks, AnEarlierTimescaleIsAVersionThatEndsWhereTheNextBegins) {
  for (const auto& [id, current] : kNoRuleOfItsOwn) {
    if (current.empty()) continue;
    std::vector<Rule> versions;
    ForEachRule([&, name = current](const Shipped&, const Rule& rule) {
      if (rule.id() == name) versions.push_back(rule);
    });
    ASSERT_EQ(versions.size(), 2u) << id;
    EXPECT_FALSE(versions[0].valid_from().empty()) << id;
    EXPECT_EQ(versions[0].valid_to(), versions[1].valid_from()) << id;
    EXPECT_EQ(versions[1].valid_to(), "") << id;
    EXPECT_NE(versions[0].limit(0).SerializeAsString(), versions[1].limit(0).SerializeAsString());
  }
}

TEST(NationalBooks, ResponsibilityPassesAtTheTransferInConference) {
  std::vector<std::string> passings;
  for (const Shipped& shipped : ShippedBooks()) {
    for (const pathway::v1::Passing& passing : shipped.book.passing()) {
      passings.push_back(absl::StrCat(shipped.path, " ", passing.on().is(), " ", passing.from(),
                                      " ", passing.to()));
    }
  }
  EXPECT_EQ(absl::StrJoin(passings, "\n"),
            "wales/moves-between-authorities transfer_conference_held asker asked");
}

TEST(NationalBooks, AClockThatStartsFromABreachNamesARuleOfItsBookThatFallsDue) {
  ForEachRule([](const Shipped& shipped, const Rule& rule) {
    for (const Pattern& start : rule.start()) {
      if (start.overdue().empty()) continue;
      const auto& rules = shipped.book.rule();
      EXPECT_TRUE(std::any_of(rules.begin(), rules.end(),
                              [&](const Rule& other) {
                                return other.id() == start.overdue() && other.limit_size() > 0;
                              }))
          << shipped.path << ": " << rule.id();
    }
  });
}

TEST(Template, IsMarkedAsOneWhereverItIsRead) {
  int rules = 0;
  ForEachRule([&](const Shipped& shipped, const Rule& rule) {
    if (shipped.path != "charity-template") return;
    ++rules;
    EXPECT_EQ(rule.weight(), Rule::LOCAL) << rule.id();
    EXPECT_TRUE(absl::StartsWith(rule.title().en(), "TEMPLATE")) << rule.id();
    EXPECT_TRUE(absl::StartsWith(rule.title().cy(), "TEMPLED")) << rule.id();
    EXPECT_TRUE(absl::StartsWith(rule.source().title(), "TEMPLATE")) << rule.id();
  });
  EXPECT_GT(rules, 0);
}

TEST(Welsh, IsMarkedForReviewAboveEachTitle) {
  for (const Shipped& shipped : ShippedBooks()) {
    if (shipped.path == "demo" || shipped.path == "uk-calendars") continue;
    const std::vector<std::string> marks =
        absl::StrSplit(shipped.text, "  # cy: to be reviewed\n  title {\n    cy: ");
    EXPECT_EQ(static_cast<int>(marks.size()) - 1, shipped.book.rule_size()) << shipped.path;
    EXPECT_TRUE(absl::StrContains(marks[0], "draft for a fluent Welsh reviewer")) << shipped.path;
  }
}

TEST(Milestones, AreListedExactlyAsTheBooksUseThem) {
  ExpectSame(Used().milestones, Table("milestone"));
}

TEST(Milestones, FieldsAreListedExactlyAsTheBooksUseThem) {
  ExpectSame(Used().fields, Table("field"));
}

TEST(Milestones, EveryCodeThatARuleAsksForIsListed) {
  const std::string text = Read("docs/milestones.md");
  for (const std::string& code : Used().codes) {
    EXPECT_TRUE(absl::StrContains(text, absl::StrCat("`", code, "`"))) << code;
  }
}

}  // namespace
}  // namespace dolen
