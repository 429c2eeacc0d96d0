"""What the training voices say: digits, what people say to hotlines, and general words; and the words kept out of it."""

HOTLINE = {
    "en": (
        "billing", "order status", "operator", "technical support", "agent", "sales", "payment", "refund", "cancel", "help",
        "repeat", "main menu", "go back", "account balance", "delivery", "returns", "complaint", "english", "indonesian",
        "store hours", "location", "reset password", "new order", "customer service", "warranty", "internet", "business",
        "representative", "invoice", "something else", "pay my bill", "talk to a person", "call me back", "change address",
        "order number", "check my order", "lost package", "cancel my order", "opening hours", "speak to an agent", "contract",
        "account", "language", "survey", "goodbye", "start over", "correct", "wrong", "one more time", "appointment date",
    ),
    "id": (
        "tagihan", "status pesanan", "agen", "bantuan teknis", "penjualan", "pembayaran", "pengembalian", "batal", "bantuan",
        "ulangi", "menu utama", "kembali", "saldo", "pengiriman", "retur", "keluhan", "bahasa inggris", "bahasa indonesia",
        "jam buka", "lokasi", "kata sandi", "pesanan baru", "layanan pelanggan", "garansi", "bisnis", "petugas", "faktur",
        "lainnya", "lanjut", "selesai", "bayar tagihan", "bicara dengan petugas", "telepon balik", "ubah alamat", "nomor pesanan",
        "cek pesanan", "paket hilang", "batalkan pesanan", "jam operasional", "hubungi saya", "pesanan saya", "komplain",
        "pengaduan", "produk", "promo", "benar", "salah", "sekali lagi", "terima kasih", "pendaftaran",
    ),
}  # fmt: skip

# Never in the training: menus of these tell how the model does with words that it has not met.
NEVER_TRAINED = {
    "en": (
        "prescription", "appointment", "insurance claim", "flight status", "mortgage", "student loan", "roaming", "power outage",
        "voicemail", "lost card", "pharmacy", "dentist", "baggage", "upgrade", "subscription", "parking", "reservation",
        "vaccine", "thursday", "gymnasium",
    ),
    "id": (
        "asuransi", "tiket pesawat", "penerbangan", "dokter gigi", "obat", "janji temu", "kartu kredit", "pinjaman", "gangguan",
        "pulsa", "paket data", "pajak", "denda", "cicilan", "rekening", "blokir kartu", "aktivasi", "jadwal", "kamis", "apotek",
    ),
}  # fmt: skip
# What callers say that no menu offers; never in the training as a whole sentence.
OUT_OF_GRAMMAR = {
    "en": (
        "what is the weather like today", "i would like to buy a red bicycle", "my dog ate the newspaper",
        "please hold the line for a moment", "the train leaves from platform seventeen", "he painted the kitchen yellow",
        "can you hear me now", "good morning everyone", "we went swimming last summer", "just a second my phone is ringing",
        "umbrella", "guitar", "mountain", "purple", "chocolate", "wednesday", "hospital", "elephant", "hmm", "breakfast",
        "mister johnson is my neighbour", "turn off the television", "i forgot my glasses", "that movie was terrible",
        "take the second street on the left",
    ),
    "id": (
        "bagaimana cuaca hari ini", "saya mau membeli sepeda merah", "anjing saya makan koran", "tunggu sebentar ya pak",
        "kereta berangkat dari jakarta", "dia mengecat dapur", "apakah suara saya terdengar", "selamat pagi semuanya",
        "kami berenang musim lalu", "sebentar telepon saya berbunyi", "payung", "gitar", "gunung", "ungu", "cokelat", "rabu",
        "rumah sakit", "gajah", "hmm", "sarapan", "pak budi tetangga saya", "matikan televisi itu", "saya lupa kacamata",
        "filmnya jelek sekali", "belok kiri di jalan kedua",
    ),
}  # fmt: skip


def kept_out(language: str) -> frozenset[str]:
    """The single words of NEVER_TRAINED that nothing else in the training needs."""
    elsewhere = {word for phrase in HOTLINE[language] for word in phrase.split()}
    return frozenset(word for phrase in NEVER_TRAINED[language] for word in phrase.split()) - elsewhere
