#include "connection.hpp"
#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

TEST_CASE("the text of a deleted conversation leaves the index") {
  StoreBench bench;
  for (const auto& [session, content] : {std::pair{"rivers", "a fox"}, std::pair{"other", "two bears"}}) {
    auto said = message("m-1", content);
    said.conversation_id = session;
    bench.add(10, said);
  }
  bench.close();
  bench.engine().index_all();
  bench.open();
  bench.add(20, model::ConversationDeleted{"rivers", {}});
  bench.close();
  auto database = bench.engine().connection();
  CHECK(database.number("SELECT count(*) FROM search_index WHERE search_index MATCH 'fox'").value() == 0);
  CHECK(database.number("SELECT count(*) FROM search_index WHERE search_index MATCH 'bears'").value() == 1);
}
