namespace EdgeTrace.Simulators.Llrp;

/// <summary>One singulation of one tag by one antenna: what the air said, before any report is written of it.</summary>
/// <param name="Epc">The tag's EPC bytes.</param>
/// <param name="TimeUs">True UTC, microseconds; the reader adds what its own clock is wrong by.</param>
/// <param name="RssiCentiDbm">Hundredths of a dBm.</param>
/// <param name="Phase">0…4095 for 0…2π.</param>
/// <param name="Channel">1-based index into the fixed frequency table.</param>
/// <param name="Tid">The chip's own number, of whole words; null: a chip that does not answer to FastID.</param>
readonly record struct Sighting(byte[] Epc, int Antenna, long TimeUs, int RssiCentiDbm, int Phase, int Channel, byte[]? Tid = null);
