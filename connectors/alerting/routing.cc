#include "connectors/alerting/routing.h"

#include <utility>

#include "connectors/alerting/check_routing.h"
#include "engine/pathway/text_file.h"

namespace dolen {

bool CheckedRouting::ok() const { return !HasErrors(findings); }

CheckedRouting ParseRouting(absl::string_view text) {
  CheckedRouting checked;
  google::protobuf::TextFormat::ParseInfoTree tree;
  if (!ParseTextFile(text, "routing file", checked.file, tree, checked.findings)) return checked;
  for (Finding& finding : RoutingChecker(checked.file, &tree).Run()) {
    checked.findings.push_back(std::move(finding));
  }
  return checked;
}

std::vector<Finding> CheckRouting(const routing::v1::Routing& file) {
  return RoutingChecker(file, nullptr).Run();
}

}  // namespace dolen
