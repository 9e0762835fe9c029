#include "connectors/files/census.h"

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "connectors/files/gzip_file.h"
#include "connectors/files/text.h"
#include "engine/base/digest.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

// A text or date beside an event's own date.
struct Extra {
  const char* element;
  const char* field;
  bool is_date;
};

// One dated element and what it says happened.
struct Step {
  const char* element;  // in its module; the text is a day
  const char* is;       // a kind in lower case, or a milestone
  std::vector<Extra> extras;
};

// A module of CINdetails, or CINdetails itself.
struct Module {
  const char* element;  // empty: CINdetails itself
  const char*
      matter;  // prefix of its own matter, whose day is the first step's; empty: the referral's
  std::vector<Step> steps;
};

const std::vector<Module>& Modules() {
  static const auto& modules = *new std::vector<Module>{
      {"",
       "",
       {{"CINreferralDate",
         "referral_received",
         {{"ReferralSource", "referral_source", false}, {"PrimaryNeedCode", "need", false}}},
        {"DateOfInitialCPC", "initial_conference_held", {}},
        {"CINclosureDate",
         "referral_completed",
         {{"ReasonForClosure", "reason_for_closure", false}}}}},
      {"Assessments",
       "",
       {{"AssessmentActualStartDate", "assessment_started", {}},
        {"AssessmentInternalReviewDate", "assessment_reviewed", {}},
        {"AssessmentAuthorisationDate", "assessment_authorised", {}}}},
      {"CINPlanDates",
       "",
       {{"CINPlanStartDate", "cin_plan_started", {}}, {"CINPlanEndDate", "cin_plan_ended", {}}}},
      {"Section47",
       "s47",
       {{"S47ActualStartDate", "s47_started", {{"InitialCPCtarget", "icpc_target", true}}},
        {"DateOfInitialCPC", "initial_conference_held", {}}}},
      {"ChildProtectionPlans",
       "cpp",
       {{"CPPstartDate", "registered", {{"InitialCategoryOfAbuse", "category", false}}},
        {"CPPendDate", "deregistered", {{"LatestCategoryOfAbuse", "category", false}}}}}};
  return modules;
}

// Counts lines from offsets that ascend.
class LineCounter {
 public:
  explicit LineCounter(absl::string_view text) : text_(text) {}
  // Line and character of a byte, both from 1.
  std::pair<int64_t, int> At(ptrdiff_t offset) {
    const size_t to = std::min(static_cast<size_t>(std::max<ptrdiff_t>(offset, 0)), text_.size());
    if (to < at_) at_ = 0, line_ = 1, begin_ = 0;
    for (; at_ < to; ++at_) {
      if (text_[at_] == '\n') ++line_, begin_ = at_ + 1;
    }
    return {line_, static_cast<int>(to - begin_) + 1};
  }

 private:
  absl::string_view text_;
  size_t at_ = 0, begin_ = 0;
  int64_t line_ = 1;
};

std::string TextOf(const pugi::xml_node& node) {
  return std::string(absl::StripAsciiWhitespace(node.child_value()));
}

class CensusRows : public RowSource {
 public:
  CensusRows(std::string path, std::string text)
      : path_(std::move(path)), text_(std::move(text)), lines_(text_) {}

  absl::Status Start() {
    if (!absl::LoadTimeZone("Europe/London", &zone_)) {
      return absl::FailedPreconditionError("time zone Europe/London is not known: install tzdata");
    }
    // Not parsed in place: quarantine wants the bytes as they came.
    const pugi::xml_parse_result result =
        document_.load_buffer(text_.data(), text_.size(), pugi::parse_default, pugi::encoding_utf8);
    const pugi::xml_node message = document_.child("Message");
    if (!message) {
      return absl::InvalidArgumentError(
          absl::StrCat(path_, ": is not a children-in-need census: no element Message",
                       result ? "" : absl::StrCat(" (", result.description(), ")")));
    }
    if (!result) {
      broken_at_ = result.offset;
      broken_by_ = result.description();
    }
    CheckHeader(message.child("Header"));
    child_ = message.child("Children").child("Child");
    return absl::OkStatus();
  }

  absl::StatusOr<absl::optional<FileRow>> Next() override {
    while (at_ == ready_.size()) {
      ready_.clear();
      at_ = 0;
      if (child_) {
        ReadChild(child_);
        child_ = child_.next_sibling("Child");
      } else if (broken_by_ != nullptr) {
        ready_.push_back(Broken());
        broken_by_ = nullptr;
      } else {
        return absl::optional<FileRow>();
      }
    }
    return absl::optional<FileRow>(std::move(ready_[at_++]));
  }

 private:
  // What the events of one child have in common.
  struct Child {
    std::string id;
    std::string path;    // "Message/Children/Child[2]"
    std::string matter;  // the referral's, once known
  };

  BadRow Bad(const pugi::xml_node& at, absl::string_view element, std::string code,
             absl::string_view field, absl::string_view what) {
    BadRow bad;
    bad.file = path_;
    std::tie(bad.line, bad.column) = lines_.At(at.offset_debug());
    bad.rejection = {std::move(code), std::string(field), absl::StrCat(element, ": ", what)};
    bad.raw = RawOf(at);
    return bad;
  }

  // The element as it stands in the file, as far as it is needed to find it again.
  std::string RawOf(const pugi::xml_node& node) const {
    const size_t begin = static_cast<size_t>(std::max<ptrdiff_t>(node.offset_debug() - 1, 0));
    const std::string close = absl::StrCat("</", node.name(), ">");
    const size_t end = text_.find(close, begin);
    const size_t size = end == std::string::npos ? 0 : end + close.size() - begin;
    return text_.substr(begin, std::min<size_t>(size, 64 * 1024));
  }

  BadRow Broken() {
    BadRow bad;
    bad.file = path_;
    std::tie(bad.line, bad.column) = lines_.At(broken_at_);
    bad.rejection = {kRowBadXml, "",
                     absl::StrCat("The XML is not well-formed here: ", broken_by_,
                                  ". The children before it went on, what follows was not read.")};
    return bad;
  }

  void CheckHeader(const pugi::xml_node& header) {
    const pugi::xml_node lea = header.child("Source").child("LEA");
    const std::string code = TextOf(lea);
    if (code.size() == 3 && std::all_of(code.begin(), code.end(), absl::ascii_isdigit)) {
      agency_ = absl::StrCat("la_", code);
    } else {
      ready_.push_back(Bad(lea ? lea : header, "Message/Header/Source/LEA", kRowBadHeader,
                           "open.agency", "is not the three digits of a local authority."));
    }
    const pugi::xml_node reference = header.child("CollectionDetails").child("ReferenceDate");
    absl::CivilDay day;
    if (!ParseDay(TextOf(reference), day) || day.month() != 3 || day.day() != 31) {
      ready_.push_back(
          Bad(reference ? reference : header, "Message/Header/CollectionDetails/ReferenceDate",
              kRowBadHeader, "",
              "is not a 31 March as YYYY-MM-DD; the children were read all the same."));
    }
  }

  // False for the child in which the XML broke off.
  bool IsWhole(const pugi::xml_node& child) const {
    if (broken_by_ == nullptr || child.next_sibling()) return true;
    const size_t end = text_.find("</Child>", static_cast<size_t>(child.offset_debug()));
    return end != std::string::npos && end < static_cast<size_t>(broken_at_);
  }

  void ReadChild(const pugi::xml_node& node) {
    Child child;
    child.path = absl::StrCat("Message/Children/Child[", ++children_, "]");
    if (!IsWhole(node)) return;  // Broken() tells it
    const pugi::xml_node number = node.child("ChildIdentifiers").child("LAchildID");
    child.id = TextOf(number);
    child.id.erase(std::remove_if(child.id.begin(), child.id.end(),
                                  [](unsigned char c) { return absl::ascii_isspace(c); }),
                   child.id.end());
    const std::string path = absl::StrCat(child.path, "/ChildIdentifiers/LAchildID");
    if (child.id.empty() || !IsWellFormedUtf8(child.id)) {
      ready_.push_back(Bad(node, path, std::string(ReasonCode(Reason::kMissingChild)),
                           "private.child", "does not say which child it is."));
      return;
    }
    if (agency_.empty()) {
      ready_.push_back(Bad(node, child.path, std::string(ReasonCode(Reason::kMissingAgency)),
                           "open.agency", "the header does not say which authority speaks."));
      return;
    }
    seen_.clear();
    matters_.clear();
    int index = 0;
    for (const pugi::xml_node& details : node.children("CINdetails")) {
      Child of_referral = child;
      absl::StrAppend(&of_referral.path, "/CINdetails[", ++index, "]");
      ReadDetails(details, of_referral);
    }
  }

  void ReadDetails(const pugi::xml_node& details, Child& child) {
    absl::CivilDay day;
    // An event without a matter would count for every matter of the child, so there is always one.
    child.matter = ParseDay(TextOf(details.child("CINreferralDate")), day) ? MatterId("cin", day)
                                                                           : "cin-undated";
    for (const Module& module : Modules()) {
      if (*module.element == '\0') {
        ReadModule(details, module, child, child.path);
        continue;
      }
      int index = 0;
      for (const pugi::xml_node& node : details.children(module.element)) {
        ReadModule(node, module, child,
                   absl::StrCat(child.path, "/", module.element, "[", ++index, "]"));
      }
    }
  }

  void ReadModule(const pugi::xml_node& node, const Module& module, const Child& child,
                  const std::string& path) {
    std::string matter = child.matter, continues;
    absl::CivilDay day;
    if (*module.matter != '\0') {
      // Without its first day it has no matter, and its later steps would count for other matters
      // too.
      const char* first = module.steps[0].element;
      const pugi::xml_node element = node.child(first);
      if (!ParseDay(TextOf(element), day)) {
        ready_.push_back(Bad(element ? element : node, absl::StrCat(path, "/", first), kRowBadTime,
                             "open.occurred",
                             "is not a day as YYYY-MM-DD; nothing of this element was read."));
        return;
      }
      continues = matter;
      matter = MatterId(module.matter, day);
    }
    for (const Step& step : module.steps) {
      for (const pugi::xml_node& element : node.children(step.element)) {
        ReadStep(element, step, child, matter, continues, path);
      }
    }
    if (absl::string_view(module.element) == "Section47") ReadNotRequired(node, child, matter, day);
    if (absl::string_view(module.element) == "ChildProtectionPlans") {
      static const auto& review = *new Step{"CPPreviewDate", "review_conference_held", {}};
      for (const pugi::xml_node& reviews : node.children("Reviews")) {
        for (const pugi::xml_node& element : reviews.children(review.element)) {
          ReadStep(element, review, child, matter, continues, absl::StrCat(path, "/Reviews"));
        }
      }
    }
  }

  void ReadStep(const pugi::xml_node& element, const Step& step, const Child& child,
                const std::string& matter, const std::string& continues, const std::string& path) {
    const std::string full = absl::StrCat(path, "/", step.element);
    absl::CivilDay day;
    if (!ParseDay(TextOf(element), day)) {
      ready_.push_back(Bad(element, full, kRowBadTime, "open.occurred",
                           "is not a day as YYYY-MM-DD, or does not exist."));
      return;
    }
    event::v1::Event event;
    Name(step.is, day, matter, event);
    if (!continues.empty()) {
      event.mutable_open()->mutable_continues()->set_agency(agency_);
      event.mutable_open()->mutable_continues()->set_id(continues);
    }
    for (const Extra& extra : step.extras) {
      const pugi::xml_node node = element.parent().child(extra.element);
      const std::string text = TextOf(node);
      if (text.empty()) continue;
      absl::CivilDay stated;
      event::v1::Field field;
      field.set_name(extra.field);
      if (!extra.is_date) {
        field.set_code(absl::AsciiStrToLower(text));
      } else if (ParseDay(text, stated)) {
        field.mutable_when()->set_day(DayText(stated));
      } else {
        ready_.push_back(Bad(node, absl::StrCat(path, "/", extra.element), kRowBadTime,
                             absl::StrCat("open.fields.", extra.field),
                             "is not a day as YYYY-MM-DD, or does not exist."));
        return;
      }
      *event.mutable_open()->add_fields() = std::move(field);
    }
    Give(std::move(event), child, day, element);
  }

  void ReadNotRequired(const pugi::xml_node& module, const Child& child, const std::string& matter,
                       absl::CivilDay day) {
    const pugi::xml_node element = module.child("ICPCnotRequired");
    const std::string text = absl::AsciiStrToLower(TextOf(element));
    if (text != "true" && text != "1") return;
    event::v1::Event event;
    Name("conference_not_required", day, matter, event);
    event::v1::Field& field = *event.mutable_open()->add_fields();
    field.set_name("dated_by");
    field.set_code("s47_start");
    Give(std::move(event), child, day, element);
  }

  void Name(const char* is, absl::CivilDay day, const std::string& matter,
            event::v1::Event& event) {
    event.set_contract(1);
    event::v1::Open& open = *event.mutable_open();
    open.set_agency(agency_);
    open.mutable_occurred()->set_day(DayText(day));
    bool forbidden = false;
    const event::v1::Kind kind = RowKind(is, forbidden);
    open.set_kind(kind);
    if (kind == event::v1::KIND_UNSPECIFIED) {
      open.set_kind(event::v1::KIND_MILESTONE_REACHED);
      open.set_milestone(is);
    }
    open.mutable_matter()->set_agency(agency_);
    open.mutable_matter()->set_id(matter);
  }

  // "s47-2022-06-02"; "s47-2022-06-02-2" for the second of that day.
  std::string MatterId(absl::string_view prefix, absl::CivilDay day) {
    const std::string id = absl::StrCat(prefix, "-", DayText(day));
    const int ordinal = ++matters_[id];
    return ordinal > 1 ? absl::StrCat(id, "-", ordinal) : id;
  }

  void Give(event::v1::Event event, const Child& child, absl::CivilDay day,
            const pugi::xml_node& element) {
    event::v1::Open& open = *event.mutable_open();
    auto& number = *event.mutable_private_()->add_child();
    number.set_issuer(agency_);
    number.set_value(child.id);
    RowHash hash;
    for (absl::string_view part :
         {absl::string_view(agency_), absl::string_view(child.id),
          absl::string_view(open.matter().id()), absl::string_view(open.continues().id()),
          absl::string_view(event::v1::Kind_Name(open.kind())), absl::string_view(open.milestone()),
          absl::string_view(open.occurred().day())}) {
      hash.Add(part);
    }
    for (const event::v1::Field& field : open.fields()) {
      hash.Add(field.name());
      hash.Add(field.has_code() ? field.code() : field.when().day());
    }
    const std::string hex = hash.Hex();
    open.set_event_id(RowEventId(hex, "", ++seen_[hex]));

    FileEvent file;
    file.bytes = event.SerializeAsString();
    file.agency = agency_;
    file.event_id = open.event_id();
    file.occurred = absl::FromCivil(absl::CivilSecond(day), zone_);
    file.child_issuer = agency_;
    file.child_value = child.id;
    file.matter_agency = open.matter().agency();
    file.matter_id = open.matter().id();
    GoodRow row;
    row.file = path_;
    row.line = lines_.At(element.offset_debug()).first;
    row.events.push_back(std::move(file));
    ready_.push_back(std::move(row));
  }

  std::string path_;
  std::string text_;
  LineCounter lines_;
  pugi::xml_document document_;
  pugi::xml_node child_;
  int children_ = 0;
  ptrdiff_t broken_at_ = 0;
  const char* broken_by_ = nullptr;  // a literal of pugixml
  std::string agency_;               // "la_201"; empty: the header does not say
  absl::TimeZone zone_;
  std::vector<FileRow> ready_;
  size_t at_ = 0;
  std::map<std::string, int64_t> seen_;  // of this child: identical events so far
  std::map<std::string, int> matters_;   // of this child: matters of one day so far
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowSource>> OpenCensus(const std::string& path) {
  DOLEN_ASSIGN_OR_RETURN(std::string text, ReadPlainOrGzip(path, kMaxCensusBytes));
  auto rows = std::make_unique<CensusRows>(path, std::move(text));
  DOLEN_RETURN_IF_ERROR(rows->Start());
  return rows;
}

}  // namespace dolen
