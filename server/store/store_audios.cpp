// Audios and their phonemes.
#include "server/store/store_queries.h"

namespace vivavox {

namespace {

constexpr std::string_view audio_columns =
    "audio_id, avatar_id, text, voice_id, duration_ms, sample_rate, file_path, file_size, "
    "created_at, owner";
Audio read_audio(const SqlRow& row) {
  return {as_text(row[0]),     as_text(row[1]), as_text(row[2]), as_text(row[3]), as_int(row[4]),
          int(as_int(row[5])), as_text(row[6]), as_int(row[7]),  as_int(row[8]),  as_text(row[9])};
}

}  // namespace

Result<void> Store::add_audio(const Audio& audio, std::span<const Phoneme> phonemes,
                              const AvatarEvent& event, const Viewer& viewer) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto made = ensure_avatar(transaction, quotas_, audio.avatar_id, viewer); !made) {
      return made;
    }
    auto added = transaction.run(
        std::format("INSERT INTO audios ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON "
                    "CONFLICT DO NOTHING RETURNING audio_id",
                    audio_columns),
        {audio.audio_id, audio.avatar_id, audio.text, audio.voice_id, audio.duration_ms,
         std::int64_t{audio.sample_rate}, audio.file_path, audio.file_size, audio.created_at,
         viewer.owner});
    if (!added || added->empty()) return done(std::move(added));
    if (auto room = check_quotas(transaction, quotas_, viewer.owner); !room) return room;
    std::vector<SqlRow> rows;
    for (const Phoneme& one : phonemes) {
      rows.push_back({audio.audio_id, static_cast<std::int64_t>(rows.size()), one.phoneme, one.ipa,
                      one.start_ms, one.end_ms, one.viseme, one.confidence});
    }
    auto timed =
        transaction.run_batch("INSERT INTO phonemes VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", rows);
    if (!timed || event.name.empty()) return timed;
    auto counted = transaction.run(
        "UPDATE avatars SET version = version + 1 WHERE avatar_id = $1 RETURNING version, owner",
        {audio.avatar_id});
    if (!counted) return std::unexpected(counted.error());
    return tell_avatar(transaction, audio.avatar_id, as_text(counted->front()[1]), event,
                       as_int(counted->front()[0]));
  });
}

Result<Audio> Store::audio(const std::string& audio_id, const Viewer& viewer) {
  return shown_to(viewer,
                  one_of<Audio>(database_->read(select(audio_columns, "audios WHERE audio_id = $1"),
                                                {audio_id}),
                                read_audio, "audio"),
                  "audio");
}

Result<std::vector<Phoneme>> Store::phonemes(const std::string& audio_id) {
  return all_of<Phoneme>(
      database_->read("SELECT phoneme, ipa, start_ms, end_ms, viseme, confidence FROM phonemes "
                      "WHERE audio_id = $1 ORDER BY position",
                      {audio_id}),
      [](const SqlRow& row) {
        return Phoneme{as_text(row[0]), as_text(row[1]), as_int(row[2]),
                       as_int(row[3]),  as_text(row[4]), as_double(row[5])};
      });
}

Result<Listed<Audio>> Store::audios(const Page& page, const Viewer& viewer) {
  return read_page<Audio>(*database_, newest_first("audios", "audio_id", audio_columns),
                          seen_by(viewer), page, read_audio,
                          [](const Audio& one) { return ListPlace{one.created_at, one.audio_id}; });
}

}  // namespace vivavox
