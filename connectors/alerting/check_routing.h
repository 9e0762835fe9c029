// The parts of CheckRouting. Internal to connectors/alerting.
#ifndef DOLEN_CONNECTORS_ALERTING_CHECK_ROUTING_H_
#define DOLEN_CONNECTORS_ALERTING_CHECK_ROUTING_H_

#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "connectors/alerting/routing.h"
#include "engine/pathway/spot.h"
#include "google/protobuf/text_format.h"

namespace dolen {

// Gathers findings about one file.
class RoutingChecker {
 public:
  // Both outlive the checker; `tree` may be nullptr.
  RoutingChecker(const routing::v1::Routing& file,
                 const google::protobuf::TextFormat::ParseInfoTree* tree)
      : file_(file), root_(routing::v1::Routing::descriptor(), tree) {}

  // All findings, by line.
  std::vector<Finding> Run();

 private:
  void CheckTeam(const routing::v1::Team& team, const Spot& spot);
  void CheckHours(const routing::v1::Hours& hours, const Spot& spot);
  void CheckDestination(const routing::v1::Destination& destination, const Spot& spot);
  void CheckRoute(const routing::v1::Route& route, const Spot& spot);
  void CheckTiming(const routing::v1::Route& route, const Spot& spot);
  void CheckReached();
  void CheckHeartbeat();
  // Each of `given` is one of `known`; otherwise an error that names them.
  void CheckWords(const google::protobuf::RepeatedPtrField<std::string>& given,
                  absl::Span<const absl::string_view> known, absl::string_view field,
                  const Spot& spot);
  // Each of `to` is a destination; each becomes used.
  void CheckTo(const google::protobuf::RepeatedPtrField<std::string>& to, const Spot& spot);
  void Error(const Spot& spot, std::string sentence);
  void Warn(const Spot& spot, std::string sentence);

  const routing::v1::Routing& file_;
  const Spot root_;
  absl::btree_set<std::string> names_, used_;  // of destinations
  absl::btree_set<std::string> teams_;
  std::vector<Finding> findings_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_CHECK_ROUTING_H_
