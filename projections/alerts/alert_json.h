// An alert for readers of the API.
#ifndef DOLEN_PROJECTIONS_ALERTS_ALERT_JSON_H_
#define DOLEN_PROJECTIONS_ALERTS_ALERT_JSON_H_

#include <boost/json/fwd.hpp>
#include <string>

#include "dolen/alert/v1/alert.pb.h"

namespace dolen {

// As openapi.json says it (Alert).
std::string AlertForReaderJson(const alert::v1::Alert& alert);
boost::json::value AlertForReader(const alert::v1::Alert& alert,
                                  const boost::json::storage_ptr& memory);
// The same as a line of a table, and the head of that.
std::string AlertCsvHead();
std::string AlertCsv(const alert::v1::Alert& alert);

}  // namespace dolen

#endif  // DOLEN_PROJECTIONS_ALERTS_ALERT_JSON_H_
