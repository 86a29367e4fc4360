"""What congestion and the path did beside plain loss: tails, reordering, copies, black holes, queues, marks, rests."""

from collections.abc import Iterator

from analyzer.detectors.loss import AS_TOLD, is_blackhole, needed_retransmissions
from analyzer.detectors.words import duration, percent, phrase, several
from analyzer.findings import EndSeen, Finding, FlowSeen, Seen, Severity, about_flow, about_flows
from reconstruct.vocabulary import Sign

SECOND_NS = 1_000_000_000
DUPLICATE_THRESHOLD = 3  # RFC 5681 (3.2): so many segments that overtake another look like its loss


@about_flows
def tail_loss(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find ends of bursts that were lost: only a probe or the timer could tell the sender."""
    for end, peer in flow.ends():
        probes = max(0, end.number("tail_loss_probes") - end.number("needless_probes"))
        timeouts = end.count(Sign.TAIL_LOSS)
        if (not probes and not timeouts) or not needed_retransmissions(end):  # all that was sent again had arrived
            continue
        waited_ns = end.total(Sign.TAIL_LOSS) + (end.total(Sign.TAIL_LOSS_PROBE) if probes else 0)
        explained = is_blackhole(end, peer, seen)
        yield about_flow(
            "tail-loss",
            Severity.WARNING if timeouts and not explained else Severity.INFO,
            flow,
            end.frames(*([Sign.TAIL_LOSS_PROBE] if probes else []), Sign.TAIL_LOSS),
            f"the last segments that the {end.sender.text} had sent were lost, and only "
            f"{_repairs(timeouts, probes)} sent them again, {duration(waited_ns)} "
            f"{'later' if timeouts + probes == 1 else 'of waiting in all'}" + AS_TOLD * explained,
            "Keep SACK and tail loss probes on (net.ipv4.tcp_sack=1, net.ipv4.tcp_early_retrans=3; RACK-TLP, RFC "
            "8985), and pace bursts (fq) so that their ends do not meet a full queue.",
            cost_s=waited_ns / SECOND_NS,
        )


def _repairs(timeouts: int, probes: int) -> str:
    """Say what repaired the ends of bursts."""
    parts = [several(count, word) for count, word in ((timeouts, "timeout"), (probes, "probe")) if count]
    return f"a {parts[0].split()[1]}" if timeouts + probes == 1 else phrase(parts)


@about_flows
def spurious_retransmission(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find retransmissions that were proven unneeded."""
    for end, peer in flow.ends():
        unneeded = end.number("spurious_retransmissions")
        if not unneeded or not end.number("data_segments"):  # without data it was a SYN or a FIN
            continue
        if is_blackhole(end, peer, seen):  # the peer is gone: whether the last of it had arrived matters to nobody
            continue
        all_of_them = max(end.number("retransmissions"), unneeded)
        share = unneeded / max(end.number("data_segments"), 1)
        yield about_flow(
            "spurious-retransmission",
            Severity.WARNING if share >= seen.settings.spurious_warning_share else Severity.INFO,
            flow,
            end.frames(Sign.SPURIOUS),
            f"{unneeded:,} of {several(all_of_them, 'retransmission')} of the {end.sender.text} proved unneeded: what "
            "they repeat had arrived",
            "Find what delays or reorders segments (Wi-Fi, link bonding, per-packet load balancing); keep timestamps, "
            "D-SACK and RACK on (net.ipv4.tcp_timestamps=1, tcp_dsack=1, tcp_recovery=1), so that the sender undoes "
            "its reductions.",
        )


@about_flows
def reordering(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find segments that the path delivered after later ones."""
    for end, _ in flow.ends():
        late = end.count(Sign.OUT_OF_ORDER)
        if not late:
            continue
        extent = end.most(Sign.OVERTAKEN)
        share = late / max(end.number("data_segments"), 1)
        harmful = extent >= DUPLICATE_THRESHOLD and share >= seen.settings.reordering_warning_share
        yield about_flow(
            "reordering",
            Severity.WARNING if harmful else Severity.INFO,
            flow,
            end.frames(Sign.OUT_OF_ORDER),
            f"{several(late, 'segment')} of the {end.sender.text}, {percent(share)} of those with data, came after "
            f"later ones: overtaken by up to {several(extent, 'segment')}, up to "
            f"{duration(end.most(Sign.OUT_OF_ORDER))} late",
            "Send a connection along one path (hash by ports, no per-packet balancing over bonds or WAN links). "
            "Senders with RACK (net.ipv4.tcp_recovery=1) bear a quarter of a round trip; others take three segments "
            "for a loss.",
        )


@about_flows
def packet_duplication(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find segments of which the network made copies; where nearly all have one, the capture did it."""
    for end, _ in flow.ends():
        copies = end.count(Sign.NETWORK_DUPLICATE)
        if copies and not is_captured_twice(end, seen):
            yield about_flow(
                "packet-duplication",
                Severity.INFO,
                flow,
                end.frames(Sign.NETWORK_DUPLICATE),
                f"{several(copies, 'segment')} of the {end.sender.text} came twice without being sent twice "
                f"({percent(copies / max(end.number('data_segments'), 1))} of those with data)",
                "Look for a loop or a redundant path (bridges, bonds in broadcast mode, Wi-Fi retries); if the copies "
                "come from two taps or mirror ports, remove one.",
            )


def is_captured_twice(end: EndSeen, seen: Seen) -> bool:
    """Say whether so many segments of an end have a copy that the capture made them."""
    copies, data = end.count(Sign.NETWORK_DUPLICATE), end.number("data_segments")
    return copies >= seen.settings.duplicate_frames_least and copies >= seen.settings.duplicate_frames_share * data


@about_flows
def blackhole(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find paths on which nothing passes for several timeouts in a row, or no segment of full size."""
    for end, peer in flow.ends():
        if not is_blackhole(end, peer, seen):
            continue
        in_a_row = end.most(Sign.REPEATED_TIMEOUT)
        refused = end.most(Sign.SIZE_REFUSED)
        if refused and is_size_refused(end) and peer.number("segments"):
            what = (
                f"segments of {refused:,} bytes from the {end.sender.text} never arrive, though smaller ones do: "
                f"{several(in_a_row, 'timeout')} in a row"
            )
            advice = (
                "A link has a smaller MTU and the ICMP message that says so is lost (RFC 2923): let ICMP type 3 code 4 "
                "(ICMPv6 type 2) pass, clamp the MSS at the tunnel (iptables TCPMSS --clamp-mss-to-pmtu), or set "
                "net.ipv4.tcp_mtu_probing=1 at the sender."
            )
        else:
            what = f"nothing that the {end.sender.text} sent arrived through {several(in_a_row, 'timeout')} in a row"
            advice = (
                "The path was down or a middlebox dropped the connection's packets: look at link, route and firewall "
                "state at that time. TCP_USER_TIMEOUT bounds how long a sender keeps trying."
            )
        waited_ns = end.total(Sign.RTO_RETRANSMISSION)
        yield about_flow(
            "blackhole",
            Severity.ERROR if refused and is_size_refused(end) else Severity.WARNING,
            flow,
            end.frames(Sign.REPEATED_TIMEOUT),
            what,
            advice,
            confidence=0.9 if in_a_row > seen.settings.blackhole_timeouts else 0.8,
            cost_s=waited_ns / SECOND_NS,
        )


def is_size_refused(end: EndSeen) -> bool:
    """Return whether large segments of an end vanish and smaller ones do not."""
    return end.count(Sign.SIZE_CUT) > 0 or end.count(Sign.SIZE_PASSED) == 0


@about_flows
def bufferbloat(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find round trips that grow far above their minimum while a sender has much in flight."""
    settings = seen.settings
    for end, _ in flow.ends():
        least_ns, high_ns = end.known("rtt_min_ns"), end.known("rtt_p95_ns")
        if least_ns is None or high_ns is None or end.number("rtt_samples") < settings.bufferbloat_samples:
            continue
        piece = max(end.number("mss"), 536)  # RFC 9293 (3.7.1)
        if end.number("flight_max") < settings.bufferbloat_flight * piece:
            continue
        grown_ns = high_ns - least_ns
        if high_ns >= settings.bufferbloat_ratio * least_ns and grown_ns >= settings.bufferbloat_growth_ms * 1e6:
            yield about_flow(
                "bufferbloat",
                Severity.WARNING,
                flow,
                [],
                f"round trips of what the {end.sender.text} sent grew from {duration(least_ns)} to {duration(high_ns)} "
                f"(95 % are shorter): {duration(grown_ns)} in a queue",
                "Put a queue discipline with active management at the narrowest link (fq_codel or CAKE, shaped a "
                "little below its rate), or use ECN or BBR at the sender; larger buffers make it worse.",
            )


@about_flows
def congestion_marks(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find segments that the path marked, and whether their sender heeds it."""
    for end, peer in flow.ends():
        marked, echoes = end.count(Sign.CE_MARK), end.count(Sign.ECN_ECHO)
        if not marked and not echoes:
            continue
        reduced = end.count(Sign.WINDOW_REDUCED)
        told = f"{several(echoes, 'acknowledgment')} of the {peer.sender.text} told of it"
        seen_marks = f"the path marked {several(marked, 'segment')} of the {end.sender.text} as congested"
        if not marked:
            seen_marks = f"the path marked segments of the {end.sender.text} as congested, behind this tap"
        yield about_flow(
            "congestion-marks",
            Severity.INFO,
            flow,
            end.frames(Sign.CE_MARK, Sign.ECN_ECHO, Sign.WINDOW_REDUCED),
            f"{seen_marks}; {told}, and it reduced its window {several(reduced, 'time')}",
            "That is ECN at work: a queue slows senders down without dropping. Nothing to do, unless the marks are "
            "not answered (net.ipv4.tcp_ecn=1 at both ends, no middlebox that clears the bits).",
        )


@about_flows
def idle_restart(flow: FlowSeen, seen: Seen) -> Iterator[Finding]:
    """Find senders that began slow start again after a rest."""
    for end, _ in flow.ends():
        rests = end.count(Sign.IDLE_RESTART)
        if rests:
            trips = end.total(Sign.IDLE_RESTART)
            rtt_ns = end.number("rtt_median_ns")
            yield about_flow(
                "idle-restart",
                Severity.WARNING
                if trips * rtt_ns >= seen.settings.idle_restart_warning_s * SECOND_NS
                else Severity.INFO,
                flow,
                end.frames(Sign.IDLE_RESTART),
                f"after {several(rests, 'rest')} the {end.sender.text} began with a small window again: "
                f"{several(trips, 'round trip')} of {duration(rtt_ns)} until it was as large as before",
                "Set net.ipv4.tcp_slow_start_after_idle=0 at the sender; not where many connections wake up at once "
                "behind one narrow link: their bursts would meet there.",
                cost_s=trips * rtt_ns / SECOND_NS,
            )
