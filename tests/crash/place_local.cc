#include <gtest/gtest.h>

#include "connectors/http/client.h"
#include "dolen/ledger/v1/delivery.pb.h"
#include "engine/base/check.h"
#include "engine/log/local_log.h"
#include "tests/crash/place.h"

namespace dolen {

Where NewPlace(const std::string& folder) {
  Where where;
  where.data = folder + "/data";
  return where;
}

std::unique_ptr<Log> OpenLog(const Where& where) {
  absl::StatusOr<std::unique_ptr<LocalLog>> log = LocalLog::Open(where.data + "/log");
  EXPECT_TRUE(log.ok()) << log.status();
  DOLEN_CHECK(log.ok());
  return *std::move(log);
}

void WriteToIntake(const Where& where, const std::string& agency,
                   const std::vector<std::string>& values) {
  ledger::v1::Delivery delivery;
  for (const std::string& value : values) {
    ledger::v1::DeliveryItem& item = *delivery.add_item();
    item.set_agency(agency);
    item.set_value(value);
  }
  HttpRequest request;
  request.method = "POST";
  request.path = {"v1", "publish"};
  request.body = delivery.SerializeAsString();
  const auto response = HttpCall(where.data + "/dolen.sock", request, absl::Seconds(30));
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->status, 200) << response->body;
}

}  // namespace dolen
