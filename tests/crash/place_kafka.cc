#include <gtest/gtest.h>

#include "engine/base/check.h"
#include "tests/connectors/kafka/broker.h"
#include "tests/crash/place.h"

namespace dolen {

Where NewPlace(const std::string& folder) {
  Where where;
  where.data = folder + "/data";
  where.kafka = TestBroker::Shared().bootstrap();
  where.prefix = Unique("place");
  return where;
}

std::unique_ptr<Log> OpenLog(const Where&) { return TestBroker::Shared().Open(); }

void WriteToIntake(const Where& where, const std::string& agency,
                   const std::vector<std::string>& values) {
  const std::unique_ptr<Log> log = OpenLog(where);
  const TopicPartition intake{NamesOf(where).Intake(agency), 0};
  const absl::Status made = MakeIntake(*log, intake.topic);
  ASSERT_TRUE(made.ok()) << made;
  const auto appender = log->OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  for (const std::string& value : values) {
    const absl::Status appended = (*appender)->Append(intake, "", value);
    ASSERT_TRUE(appended.ok()) << appended;
  }
  const absl::Status flushed = (*appender)->Flush();
  ASSERT_TRUE(flushed.ok()) << flushed;
}

}  // namespace dolen
