// The page of one alert, for people on call who follow a signed link: what it is about, what was
// said and done, and buttons to answer it. In Welsh and English; needs no script. GET shows and
// changes nothing, since scanners of mail follow links; the buttons POST. Pure.
#ifndef DOLEN_DEPLOY_PROGRAM_ALERT_PAGE_H_
#define DOLEN_DEPLOY_PROGRAM_ALERT_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "connectors/http/http.h"
#include "deploy/program/alert_desk.h"

namespace dolen {

// `link` is path and query of the page itself; `said`: what is to be said at the top, empty:
// nothing.
std::string AlertPage(const AlertFile& file, absl::string_view link, absl::string_view said);

// What the form of the page says, done at `now`. kInvalidArgument: with a sentence for its reader.
absl::StatusOr<Deed> DeedOfForm(const HttpRequest& posted, const AlertName& alert, absl::Time now);

// A page that says no more than this.
std::string PlainPage(absl::string_view title, absl::string_view sentence);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_ALERT_PAGE_H_
