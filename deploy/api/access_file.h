// The access file (dolen.access.v1.Access): who may read over the network.
#ifndef DOLEN_DEPLOY_API_ACCESS_FILE_H_
#define DOLEN_DEPLOY_API_ACCESS_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "dolen/access/v1/access.pb.h"
#include "engine/access/caller.h"

namespace dolen {

// kInvalidArgument: the file says nothing that can be used; the sentence says where and why.
absl::StatusOr<access::v1::Access> ReadAccess(const std::string& file);

// Somebody of the file as a caller; `until` is not set. kInvalidArgument: they have no role, or one
// that there is not.
absl::StatusOr<Caller> CallerOf(const access::v1::Person& person);
absl::StatusOr<Caller> CallerOf(const access::v1::Program& program);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_ACCESS_FILE_H_
