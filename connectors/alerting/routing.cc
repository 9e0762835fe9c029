#include "connectors/alerting/routing.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "connectors/alerting/check_routing.h"
#include "engine/base/check.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace dolen {
namespace {

using google::protobuf::TextFormat;

class Collector : public google::protobuf::io::ErrorCollector {
 public:
  explicit Collector(std::vector<Finding>& findings) : findings_(findings) {}
  void AddError(int line, int column, const std::string& message) override {
    Add(Finding::kError, line, column, message);
  }
  void AddWarning(int line, int column, const std::string& message) override {
    Add(Finding::kWarning, line, column, message);
  }

 private:
  void Add(Finding::Severity severity, int line, int column, const std::string& message) {
    // The parser counts from 0 and gives -1 for the text as a whole.
    findings_.push_back({severity, line + 1, line < 0 ? 0 : column + 1, "",
                         absl::StrReplaceAll(message, {{"dolen.routing.v1.", ""}})});
  }

  std::vector<Finding>& findings_;
};

}  // namespace

RoutingSpot RoutingSpot::At(absl::string_view field, int index) const {
  DOLEN_CHECK(type_ != nullptr);
  const google::protobuf::FieldDescriptor* const found = type_->FindFieldByName(std::string(field));
  DOLEN_CHECK(found != nullptr && found->is_repeated() == (index >= 0));
  RoutingSpot spot = *this;
  absl::StrAppend(&spot.path_, path_.empty() ? "" : ".", field);
  if (index >= 0) absl::StrAppend(&spot.path_, "[", index, "]");
  spot.type_ = found->message_type();
  spot.tree_ = nullptr;
  if (tree_ == nullptr) return spot;
  const TextFormat::ParseLocation place = tree_->GetLocation(found, index);
  if (place.line >= 0) {
    spot.line_ = place.line + 1;
    spot.column_ = place.column + 1;
  }
  if (spot.type_ != nullptr) spot.tree_ = tree_->GetTreeForNested(found, index);
  return spot;
}

bool CheckedRouting::ok() const {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.severity == Finding::kError; });
}

CheckedRouting ParseRouting(absl::string_view text) {
  CheckedRouting checked;
  Collector collector(checked.findings);
  TextFormat::ParseInfoTree tree;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.WriteLocationsTo(&tree);
  if (!parser.ParseFromString(std::string(text), &checked.file)) {
    checked.file.Clear();
    // Never a failure without a finding, whatever the parser does.
    if (checked.ok()) {
      checked.findings.push_back(
          {Finding::kError, 0, 0, "", "the text cannot be read as a routing file"});
    }
    return checked;
  }
  for (Finding& finding : RoutingChecker(checked.file, &tree).Run()) {
    checked.findings.push_back(std::move(finding));
  }
  return checked;
}

std::vector<Finding> CheckRouting(const routing::v1::Routing& file) {
  return RoutingChecker(file, nullptr).Run();
}

}  // namespace dolen
