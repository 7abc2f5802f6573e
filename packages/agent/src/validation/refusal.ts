/**
 * What people write when they do not want to be written to, as patterns over text that `plainText` of `opt-out.ts`
 * made: lower case, plain apostrophes, single spaces, `|` for the end of a line. Each pattern asks for a refusal
 * together with what is refused, so that "I work at a recruiting company" is none and "no recruiters please" is one.
 * In doubt it is a refusal: a lead too few is a smaller harm than a wish that was passed over.
 */
export const refusals: readonly RegExp[] = [
  ...inEnglish(),
  // German, Dutch, Scandinavian
  /\bkeine?\s+(?:weiteren\s+)?(?:\w+[- ])?(?:recruit\w*|headhunter|personalvermittle\w*|werb\w*|kaltakquise|akquise|spam|jobangebote|anfragen|kontaktaufnahmen?|nachrichten|e-?mails?)/,
  /\bnicht\s+(?:kontaktieren|anschreiben|anrufen|anmailen|stören)|\bkontaktier\w*\s+(?:sie\s+)?mich\s+(?:bitte\s+)?nicht/,
  /\bgeen\s+(?:recruit\w*|acquisitie|werving|wervers|spam|koude\s+\w+|reclame)|\bneem\s+geen\s+contact/,
  /\b(?:inga|ingen)\s+(?:rekryter\w*|säljare|reklam|spam)|\bkontakta\s+(?:mig\s+)?inte/,
  // French, Spanish, Portuguese, Italian
  /\b(?:pas|plus|jamais)\s+de\s+(?:recruteu\w*|démarchage|prospection|spam|sollicitation\w*|pub\b|publicité|mails?|e-?mails?|messages?)|\baucun\w*\s+(?:démarchage|prospection|sollicitation\w*|recruteu\w*)/,
  /\bne\s+(?:pas\s+)?(?:me\s+|m')?(?:pas\s+)?(?:contact(?:er|ez)|écri(?:re|vez)|démarche[rz])/,
  /\b(?:no|sin)\s+(?:reclutador\w*|cazatalentos|publicidad)|\bsin\s+spam|\bno\s+(?:me\s+)?(?:contact(?:ar|en|es|e|éis)|escrib(?:ir|an|as|a)|molestar)\b/,
  /\b(?:sem|nada\s+de)\s+(?:recrutador\w*|spam|propaganda)|\bnão\s+(?:me\s+)?(?:contat\w*|contact\w*|entre\w*\s+em\s+contato|escrev\w*|incomod\w*)/,
  /\b(?:niente|nessun\w*)\s+(?:recruiter\w*|reclutator\w*|spam|pubblicità)|\bnon\s+(?:mi\s+)?contatta(?:r[ei]|te|temi|rmi)/,
  // Slavic
  /(?:bez|żadnych|žádní)\s+(?:rekruter\w*|headhunter\w*|spamu)|nie\s+(?:kontaktować|pisać)|nekontaktujte/,
  /(?:не\s+(?:пишите|беспокоить|беспокойте|звоните|контактировать)|без\s+(?:рекрутеров|спама|рекламы)|(?:рекрутер|эйчар)\S*\s+(?:не\s+|мимо|нет)|никаких\s+рекрутеров)/,
  // Chinese, Japanese, Korean
  /(?:请勿|請勿|不要|勿|谢绝|謝絕|拒绝|拒絕)\s*(?:联系|聯繫|聯絡|打扰|打擾|扰|猎头|獵頭|推销|推銷|骚扰|发邮件)|(?:猎头|獵頭|推销|招聘)\s*(?:勿扰|勿擾|勿联|请绕道|绕道|免谈)/,
  /(?:営業|勧誘|スカウト|リクルーター|ヘッドハンティング|転職)[^。|]{0,8}(?:お断り|不要|ご遠慮|いりません|やめて)|(?:連絡|メール)[^。|]{0,4}(?:しないで|お断り|ご遠慮)/,
  /(?:영업|스카우트|채용|헤드헌터|헤드헌팅|리크루터|광고)[^.|]{0,8}(?:사절|거절|금지|안\s?받|하지\s?마)|연락[^.|]{0,4}(?:사절|하지\s?마|금지)/,
];

function inEnglish(): RegExp[] {
  const gap = "[\\s_-]*";
  const recruiters = `(?:tech(?:nical)?\\s)?recruiters\\b|recruiter(?=\\s*(?:$|[^\\w\\s]|please|pls|plz|spam|e-?mails?|messages?|calls?|contact|in-?mails?|dms?\\b|requests?|outreach))|recruit(?:ment|ing)\\b(?!\\s+(?:experience|background|team|company|tool))|head\\s?hunt(?:ers?|ing)\\b|(?:recruitment|staffing|recruiting)?\\s?agenc(?:ies|y\\s+(?:calls?|e-?mails?))\\b|talent\\s(?:scouts?|acquisition|agents?|partners?)\\b|sourcers\\b`;
  const commerce = `sales\\b(?!\\s+(?:tax|experience|background|degree|skills|talk|engineer))|salespe(?:ople|rsons?)\\b|salesm[ae]n\\b|solicit\\w*|spam(?:mers|ming)?\\b|telemarketers?\\b|marketing\\b(?!\\s+(?:fluff|speak|bs\\b|bullshit|experience|background|degree|skills|jargon|hype))|marketers\\b|(?:advert(?:ising|isements?|isers)|vendors|promo(?:tion)?s?|pitch(?:es|ing)?|sponsored\\s+posts?|backlinks?|guest\\s+posts?|link\\s+exchanges?|lead\\s?gen(?:eration)?|outreach|in-?mails?)\\b(?!-)`;
  const coldContact =
    "(?:cold|unsolicited|commercial|promotional|marketing|sales|recruit(?:er|ing|ment)|job|spam)[\\s-]?(?:contacts?|e-?mail(?:s|ing|ers)?|mails?|calls?|calling|callers|messages?|messaging|dms?|pms?|outreach|pitch(?:es)?|offers?|inquiries|enquiries|requests?|proposals?|spam|solicitations?|opportunities|invitations|invites)\\b|unsolicited\\s+\\w+";
  const neutralContact =
    "(?:e-?mails?|mails?|messages?|dms?|pms?|phone\\s+calls?|calls?|texts?|contact|offers?)";
  const unwanted = `(?:${recruiters}|${commerce}|${coldContact})`;
  const modifier =
    "(?:(?:more|any|new|other|further|external|third[- ]party|damn|fucking|bloody|of|your|the|those|all|unsolicited|cold|spammy|random|please|crypto|web3|startup)\\s+){0,3}";
  // "with no spam" and "sends no marketing" are about a product.
  const no = `(?<!\\b(?:with|has|have|sends?|sent|promise|absolutely\\s+has)\\s)(?:\\bno\\b|\\bno(?=recruit)|\\bzero\\b|\\bnot?\\s+to\\b|\\bsay\\s+no\\s+to\\b|\\bno\\s+thanks?(?:\\s+you)?\\s+to\\b|\\bwithout\\s+any\\b|🚫|⛔️?|❌|🙅\\S*|🛑|🔇|⚠️?\\s*no)`;
  const end =
    "(?=\\s*(?:$|[^\\w\\s'@-]|please\\b|pls\\b|plz\\b|thx\\b|thanks?\\b|about\\b|regarding\\b|from\\b|unless\\b|ever\\b|or\\b|and\\b|for\\s+(?:jobs|work|hire)\\b|from\\b|without\\b|whatsoever\\b|at\\s+all\\b))";
  const doNot =
    "(?:do(?:es)?\\s?n[o']?t|do\\s+not|dont|never|stop|quit|refrain\\s+from|kindly\\s+avoid|must\\s+not|may\\s+not|should\\s+not|shall\\s+not)";
  // "I do not email" is about what somebody does; "recruiters: do not email" asks.
  const asked = "(?<!\\b(?:i|we|they|it|he|she|you|who|which|that|why|bots?|if|to)\\s(?:\\w+\\s)?)";
  const softly =
    "(?:\\s+(?:please|ever|even|bother(?:\\s+to)?|try(?:ing)?\\s+to|attempt\\s+to|just|use\\s+(?:this|my)\\s+\\w+\\s+to|cold)\\b){0,2}[\\s-]+";
  return [
    new RegExp(`${no}${gap}${modifier}${unwanted}`, "u"),
    new RegExp(`${no}\\s+${modifier}${neutralContact}${end}`, "u"),
    // Verbs that say contact by themselves.
    new RegExp(
      `${asked}\\b${doNot}${softly}(?:contact(?:ing)?(?!\\s+(?:my|our|lens))|e-?mail(?:ing)?(?!\\s+(?:servers?|clients?))|dm(?:ing)?|recruit(?:ing)?|solicit(?:ing)?|reach(?:ing)?\\s+out|get\\s+in\\s+touch|disturb|add\\s+me|cold[\\s-]?\\w+)\\b`,
      "u",
    ),
    // Verbs that need somebody to be done to.
    new RegExp(
      `\\b${doNot}${softly}(?:mail|message|messag|msg|pm|ping|write|writ|call|phone|phon|text|spam|spamm|pitch|sell|approach|connect|send|offer|ask|harass|bother|contact|e-?mail|dm)(?:ing)?\\s+(?:to\\s+|with\\s+)?(?:me|us)\\b(?!\\s+(?:maybe|a\\s+bug))`,
      "u",
    ),
    new RegExp(
      `\\b${doNot}${softly}(?:send(?:ing)?|mail(?:ing)?|pitch(?:ing)?)\\s+(?:me\\s+)?${modifier}${unwanted}`,
      "u",
    ),
    // Those who ask are told what happens to them.
    new RegExp(
      `(?:${unwanted})[^.!?|·•\\n]{0,40}\\b(?:(?:are\\s+|is\\s+)?not\\s+(?:welcome|wanted|allowed|appreciated|accepted|answered|read)|unwelcome|unwanted|need\\s+not\\s+(?:apply|contact)|(?:will|are|is|get|gets|go|goes)\\s+(?:be\\s+|all\\s+|always\\s+|automatically\\s+|immediately\\s+|promptly\\s+)*(?:ignored|blocked|reported|deleted|binned|trashed|discarded|invoiced|filtered|banned|marked\\s+as\\s+spam|charged|billed|unanswered|straight\\s+to|to\\s+(?:spam|trash|\\/dev\\/null))|go\\s+away|stay\\s+away|keep\\s+(?:out|away|off|scrolling|moving)|(?:piss|fuck|bugger|sod|f\\*+k)\\s+off|prohibited|forbidden|beware|begone|no\\s+thanks?|no\\s+thank\\s+you|please\\s+(?:don't|do\\s+not|stop|no|ignore|move\\s+on|look\\s+elsewhere|pass)|don't\\s+(?:bother|even))\\b`,
      "u",
    ),
    /(?:^|[|.!?·•,;([-])\s*(?:recruiters|headhunters|sales(?:people)?|spammers)\s*[:,=→>-]+\s*(?:no\b|nope|please\s+no|stop|🚫|⛔|❌|🖕|👎|block)/u,
    new RegExp(
      `\\b(?:i\\s+)?(?:hate|despise|loathe|block|ignore|report|delete|auto-?delete|autoblock|do\\s?n[o']?t\\s+(?:answer|reply\\s+to|respond\\s+to|read|talk\\s+to|work\\s+with|want|like|accept|need|take|do)|do\\s+not\\s+(?:answer|reply\\s+to|respond\\s+to|read|talk\\s+to|work\\s+with|want|like|accept|need|take)|never\\s+(?:answer|reply\\s+to|respond\\s+to|read)|tired\\s+of|sick\\s+of|allergic\\s+to|unavailable\\s+(?:to|for))\\s+(?:to\\s+)?${modifier}(?:${recruiters}|${coldContact}|solicitations?|inmails?)`,
      "u",
    ),
    // What is declined.
    new RegExp(
      `\\b(?:not|n't|never)\\s+(?:currently\\s+|actively\\s+|at\\s+all\\s+)?(?:open\\s+(?:to|for)|interested\\s+in|looking\\s+for|looking\\s+to|accepting|available\\s+for|seeking|taking|considering|up\\s+for|in\\s+the\\s+market\\s+for|here\\s+for)\\s+(?:any\\s+|a\\s+|an\\s+|new\\s+|your\\s+|other\\s+|more\\s+|another\\s+)*(?:${unwanted}|jobs?\\b|(?:job|career|work|business)\\s+(?:offers|opportunities|change)|opportunit(?:y|ies)|offers|roles|positions|gigs|contact\\b|e-?mails?\\b|messages\\b|dms?\\b|being\\s+(?:contacted|recruited|hired)|(?:be\\s+)?(?:contacted|recruited|hired)\\b|hire\\b|collaborations?\\s+with\\s+recruiters)`,
      "u",
    ),
    /\b(?:do[\s-]not[\s-]contact|do[\s-]?n[o']?t[\s-]contact\b(?!\s+(?:my|our))|no[\s-]contact[\s-]list|leave\s+me\s+(?:alone|be)|(?:opt(?:ed|ing)?|i\s+opt)[\s-]?out\s+of\s+(?:all\s+)?(?:outreach|contact|e-?mails?|marketing|recruit\w*|sales|mailing)|unsubscribe\s+me|(?:remove|take)\s+me\s+(?:from|off)\s+(?:your|any|all|mailing)|recruiter[\s-]free|anti[\s-]recruiter|no[\s-]?recruiters?zone)\b/,
    /\b(?:do\s+not|don't|no|not)\s+(?:give\s+)?(?:my\s+)?consent\s+(?:to|for)\b|\bnot?\s+(?:to\s+be\s+|be\s+)?(?:used|contacted|e-?mailed)\s+for\s+(?:marketing|sales|recruit\w*|commercial)/,
  ];
}
