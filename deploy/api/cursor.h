// Cursors: where the next page of a list begins. They are of use only to the reader who got them
// and for the same question, so that nothing can be learnt by making one up.
#ifndef DOLEN_DEPLOY_API_CURSOR_H_
#define DOLEN_DEPLOY_API_CURSOR_H_

#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "deploy/api/question.h"
#include "engine/base/digest.h"

namespace dolen {

// Thread-safe.
class Cursors {
 public:
  explicit Cursors(absl::string_view installation_secret);

  // The cursor of a page that begins after `place`.
  std::string After(const Question& question, absl::string_view place) const;
  // Where the page asked for begins: after this place; empty: at the beginning. kInvalidArgument:
  // the cursor is none, or of another question.
  absl::StatusOr<std::string> PlaceOf(const Question& question) const;

 private:
  std::string Sign(const Question& question, absl::string_view place) const;
  mutable std::mutex mutex_;
  KeyedDigest digest_;  // guarded by mutex_
};

// `limit` of the question, 1 to 200; 50 where it says none.
absl::StatusOr<size_t> LimitOf(const Question& question);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_CURSOR_H_
