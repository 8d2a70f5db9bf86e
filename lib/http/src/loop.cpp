#include "loop.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "agentpipe/base/crypto.hpp"
#include "connection.hpp"

namespace agentpipe::http {

namespace {

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  for (const auto byte : base::random_bytes(sizeof seed))
    seed = (seed << 8U) | static_cast<unsigned char>(byte);
  return seed | 1U;
}

/// Calls the function for each element, which may remove itself (Loop::remove swaps the last one into its
/// place).
template <class Vector, class Function>
void for_each_steady(Vector& elements, Function function) {
  for (std::size_t i = 0; i < elements.size();) {
    const auto element = elements[i];
    function(*element);
    if (i < elements.size() && elements[i] == element) ++i;
  }
}

}  // namespace

Loop::Loop(std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)),
      guard_(context_.get_executor()),
      timer_(context_.get_executor()),
      date_(base::format_http_date(shared_->clock.now())),
      random_state_(random_seed()),
      swept_(shared_->clock.ticks().time_since_epoch().count()),
      ended_(end_.get_future()) {}

Loop::~Loop() {
  join();
}

void Loop::start() {
  schedule_sweep();
  thread_ = std::thread([self = shared_from_this()] { self->run(); });
}

void Loop::join() {
  // The last owner may be this very thread, letting go of a connection.
  if (!thread_.joinable()) return;
  if (is_here())
    thread_.detach();
  else
    thread_.join();
}

void Loop::run() {
  thread_id_ = std::this_thread::get_id();
  context_.run();
  end_.set_value();
}

void Loop::adopt(Socket socket) {
  auto connection = std::make_shared<Connection>(shared_from_this(), std::move(socket));
  connection->place = connections_.size();
  connections_.push_back(connection);
  connection->begin();
}

void Loop::remove(Connection& connection) {
  const auto place = connection.place;
  connections_.back()->place = place;
  std::swap(connections_[place], connections_.back());
  const auto kept = std::move(connections_.back());
  connections_.pop_back();
  if (--shared_->connections == 0) shared_->note_empty();
  end_when_empty();
}

void Loop::add_stream(Connection& connection, hub::Topic topic) {
  connection.stream_place = streams_.size();
  streams_.push_back({&connection, topic});
}

void Loop::remove_stream(Connection& connection) {
  const auto place = connection.stream_place;
  streams_.back().connection->stream_place = place;
  streams_[place] = streams_.back();
  streams_.pop_back();
  --shared_->streams;
}

void Loop::wake_streams(const hub::News& news) {
  {
    const base::MutexLock lock(news_mutex_);
    news_.insert(news_.end(), news.begin(), news.end());
  }
  if (wake_posted_.exchange(true)) return;
  post([this] { pump_streams(); });
}

void Loop::pump_streams() {
  wake_posted_ = false;  // before looking: what comes later wakes again
  hub::News news;
  {
    const base::MutexLock lock(news_mutex_);
    news.swap(news_);
  }
  choose_due(std::move(news));
  for (std::size_t place = 0; place < due_.size(); ++place) {
    prefetch_after(place);
    due_[place]->pump();
  }
}

/// Those whom the news concerns. The others have their turn now and then, some at a time, so that none loses
/// touch with the ring of recent frames and has to ask the database for the nothing that it missed.
void Loop::choose_due(hub::News news) {
  constexpr std::size_t k_frames_of_a_round = 1000;
  const auto size = streams_.size();
  std::ranges::sort(news);
  const bool all = std::ranges::binary_search(news, hub::k_every_topic);
  const auto turns = all ? size : std::min(size * news.size() / k_frames_of_a_round + 1, size);
  if (next_turn_ >= size) next_turn_ = 0;
  due_.clear();
  for (std::size_t place = 0; place < size; ++place) {
    const auto& [connection, topic] = streams_[place];
    const auto until_turn = place >= next_turn_ ? place - next_turn_ : place + size - next_turn_;
    if (until_turn < turns || topic == hub::k_every_topic || std::ranges::binary_search(news, topic))
      due_.push_back(connection);
  }
  next_turn_ += turns;
}

/// With many streams each one's state has left the cache since its last frame, and waiting for it would take
/// longer than all that is done with it. So it is fetched while others are served, a pointer further at each
/// step.
void Loop::prefetch_after(std::size_t place) const {
  constexpr std::size_t k_step = 2;
  const auto ahead = [&](std::size_t steps) {
    const auto at = place + steps * k_step;
    return at < due_.size() ? due_[at] : nullptr;
  };
  if (const auto* stream = ahead(3)) stream->prefetch();
  if (const auto* stream = ahead(2)) stream->prefetch_source();
  if (const auto* stream = ahead(1)) stream->prefetch_filter();
}

void Loop::schedule_sweep() {
  timer_.expires_after(shared_->options.timeouts.sweep);
  timer_.async_wait([this](error_code error) {
    if (error) return;
    sweep();
    if (guard_.owns_work()) schedule_sweep();
  });
}

void Loop::sweep() {
  date_ = base::format_http_date(shared_->clock.now());
  const auto at = now();
  swept_ = at.time_since_epoch().count();
  for_each_steady(connections_, [at](Connection& connection) { connection.sweep(at); });
  behind_ = static_cast<std::size_t>(std::ranges::count_if(
      streams_, [](const Subscriber& stream) { return stream.connection->is_behind(); }));
}

void Loop::wind_down() {
  post([this] {
    for_each_steady(connections_, [](Connection& connection) { connection.wind_down(); });
    end_when_empty();
  });
}

void Loop::close_all() {
  post([this] {
    for_each_steady(connections_, [](Connection& connection) { connection.close(); });
    end_when_empty();
  });
}

void Loop::end_when_empty() {
  if (!shared_->closing || !connections_.empty()) return;
  guard_.reset();
  timer_.cancel();
}

std::string Loop::next_request_id() {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ++request_counter_, 36).ptr;
  return shared_->id_prefix + std::string(digits.data(), end);
}

base::Milliseconds Loop::random_below(base::Milliseconds bound) {
  random_state_ ^= random_state_ << 13U;
  random_state_ ^= random_state_ >> 7U;
  random_state_ ^= random_state_ << 17U;
  const auto span = static_cast<std::uint64_t>(std::max<std::int64_t>(bound.count(), 1));
  return base::Milliseconds(static_cast<std::int64_t>(random_state_ % span));
}

}  // namespace agentpipe::http
