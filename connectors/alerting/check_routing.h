// The parts of CheckRouting. Internal to connectors/alerting.
#ifndef DOLEN_CONNECTORS_ALERTING_CHECK_ROUTING_H_
#define DOLEN_CONNECTORS_ALERTING_CHECK_ROUTING_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "connectors/alerting/routing.h"
#include "google/protobuf/text_format.h"

namespace dolen {

// Where one field stands in the file. A value; does not own the tree.
class RoutingSpot {
 public:
  // The whole file. `tree` is what the parser filled, or nullptr where there is no text.
  explicit RoutingSpot(const google::protobuf::TextFormat::ParseInfoTree* tree)
      : type_(routing::v1::Routing::descriptor()),
        tree_(tree),
        line_(tree != nullptr ? 1 : 0),
        column_(line_) {}

  // A field of this message; `index` for one of a repeated field. A field that is not in the text
  // has the place of the message that lacks it.
  RoutingSpot At(absl::string_view field, int index = -1) const;
  Finding Make(Finding::Severity severity, std::string sentence) const {
    return {severity, line_, column_, path_, std::move(sentence)};
  }

 private:
  const google::protobuf::Descriptor* type_;  // nullptr: a plain value
  const google::protobuf::TextFormat::ParseInfoTree* tree_;
  std::string path_;
  int line_, column_;
};

// Gathers findings about one file.
class RoutingChecker {
 public:
  // Both outlive the checker; `tree` may be nullptr.
  RoutingChecker(const routing::v1::Routing& file,
                 const google::protobuf::TextFormat::ParseInfoTree* tree)
      : file_(file), root_(tree) {}

  // All findings, by line.
  std::vector<Finding> Run();

 private:
  void CheckTeam(const routing::v1::Team& team, const RoutingSpot& spot);
  void CheckHours(const routing::v1::Hours& hours, const RoutingSpot& spot);
  void CheckDestination(const routing::v1::Destination& destination, const RoutingSpot& spot);
  void CheckRoute(const routing::v1::Route& route, const RoutingSpot& spot);
  void CheckTiming(const routing::v1::Route& route, const RoutingSpot& spot);
  void CheckReached();
  void CheckHeartbeat();
  // Each of `given` is one of `known`; otherwise an error that names them.
  void CheckWords(const google::protobuf::RepeatedPtrField<std::string>& given,
                  absl::Span<const absl::string_view> known, absl::string_view field,
                  const RoutingSpot& spot);
  // Each of `to` is a destination; each becomes used.
  void CheckTo(const google::protobuf::RepeatedPtrField<std::string>& to, const RoutingSpot& spot);
  void Error(const RoutingSpot& spot, std::string sentence);
  void Warn(const RoutingSpot& spot, std::string sentence);

  const routing::v1::Routing& file_;
  const RoutingSpot root_;
  absl::btree_set<std::string> names_, used_;  // of destinations
  absl::btree_set<std::string> teams_;
  std::vector<Finding> findings_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_CHECK_ROUTING_H_
