// The demo's story, compiled in from deploy/story and deploy/books so that `dolen demo` runs
// anywhere.
#ifndef DOLEN_DEPLOY_PROGRAM_STORY_H_
#define DOLEN_DEPLOY_PROGRAM_STORY_H_

namespace dolen {

extern const char kStoryCsv[];
extern const char kStoryToday[];   // what goes on while people look (present.h)
extern const char kStoryAccess[];  // as whom they may look
extern const char kStoryMapping[];
extern const char kStoryBook[];
extern const char kStoryCalendars[];
// The child whose timeline ends the story, as ISSUER:VALUE.
inline constexpr char kStoryHero[] = "nhs:9990000018";

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_STORY_H_
