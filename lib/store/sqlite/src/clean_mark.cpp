#include "clean_mark.hpp"

#include "meta.hpp"

namespace agentpipe::store::sqlite {

base::Result<bool> is_clean(Database& database) {
  auto mark = sql::read_meta(database, "clean");
  if (!mark) return base::forward(mark);
  return *mark != "0";
}

base::Result<void> set_clean(Database& database, bool clean) {
  return sql::write_meta(database, "clean", clean ? "1" : "0");
}

}  // namespace agentpipe::store::sqlite
