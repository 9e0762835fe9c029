// What local_kill_test and its child agree on.
#ifndef DOLEN_TESTS_ENGINE_LOG_KILL_H_
#define DOLEN_TESTS_ENGINE_LOG_KILL_H_

#include <cstdint>

namespace dolen {

inline constexpr int kKillThreads = 3;
inline constexpr int32_t kKillPartitions = 2;
inline constexpr int kKillBatch = 3;  // records in one batch of the fenced writer
inline constexpr char kKillTopic[] = "appended";
inline constexpr char kKillFencedTopic[] = "fenced";

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_LOG_KILL_H_
