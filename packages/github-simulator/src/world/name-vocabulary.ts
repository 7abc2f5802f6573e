/** A name part: how it is written, and the ASCII form that a login is made of. */
export interface NamePart {
  display: string;
  ascii: string;
}

/** Names that go together. */
export interface NameTradition {
  /** Family name first and without a space, as in Chinese and Japanese. */
  familyFirst: boolean;
  given: readonly NamePart[];
  family: readonly NamePart[];
  places: readonly string[];
}

/** Given and family names by tradition. Family names are made up: no combination is meant to be anybody. */
const NAME_TRADITIONS: readonly NameTradition[] = [
  tradition(
    false,
    "Mira Tobias Annika Leif Sunniva Øystein=oystein Åsa=asa Jørn=jorn Freya Halvard Signe Torkel",
    "Solvanger Brennvik Lindmarken Ågerholt=agerholt Fjellstrøm=fjellstrom Nordhavn Kvistad Høydalen=hoydalen Strandmo Ekebrand Rosenlid Vintermark",
    "Bergenheim|Malmø|Tromsø, Norway|Århus 🇩🇰",
  ),
  tradition(
    false,
    "Alice Gareth Imogen Rowan Tamsin Owen Beatrix Callum Harriet Desmond Philippa Ewan",
    "Thistlewick Marrowby Quillfeather O'Brannoch=obrannoch Ashcombley Penhallick Wetherstone Larkhollow Dunmarrow Fernsby-Cole=fernsbycole Hawksmere Copperfold",
    "Lower Marrow, UK|Porthallick|San Arbolito, CA|remote",
  ),
  tradition(
    false,
    "Zofia Bartosz Kateřina=katerina Vojtěch=vojtech Jadwiga Radomír=radomir Łucja=lucja Stanislav Żaneta=zaneta Miloš=milos Ludmila Bogumił=bogumil",
    "Wierzbanek Krzemiński-Lis=krzeminskilis Hvězdoň=hvezdon Polánecký=polanecky Dąbroviec=dabroviec Sokolnice Jarzębski-Toń=jarzebskiton Březinar=brezinar Wolskowiak Zimoledek Koniczyn Vlčkovan=vlckovan",
    "Nowy Wierzbów|Brno-Polánka|Kraków?",
  ),
  tradition(
    false,
    "Jürgen=juergen Käthe=kaethe Matthäus=matthaeus Liesel Gunther Änne=aenne Rüdiger=ruediger Friederike Ottokar Mechthild Jonas Wiebke",
    "Müllerhagen=muellerhagen Großkopp=grosskopp Weißenbrink=weissenbrink Tannröder=tannroeder Schönewald-Ix=schoenewaldix Ackerblum Holunderer Käfernick=kaefernick Brodthagen Sperlinger Nebelung-Voß=nebelungvoss Uhlenfeldt",
    "Neu-Tannrode|Berlin-ish|Zürichberg, CH",
  ),
  tradition(
    false,
    "Inés=ines Joaquín=joaquin Amélie=amelie François=francois Conceição=conceicao Thiago Núria=nuria Esteban Zoé=zoe Baptiste Marisol Ángel=angel",
    "Peñalverde=penalverde Doucemont Châtelrive=chatelrive Monteclaro Nuñezal=nunezal Beaurivet Sotomarín=sotomarin Ferreirinho d'Aubrelle=daubrelle Campoviejo Ribeirão=ribeirao Valdeluz",
    "Villa Monteclaro|São Ribeirão, Brasil|Châtelrive, France",
  ),
  tradition(
    true,
    "美咲=misaki 健太=kenta 陽菜=hina 大輔=daisuke さくら=sakura 直樹=naoki 結衣=yui 拓海=takumi 千尋=chihiro 悠人=yuto 彩花=ayaka 翔=sho",
    "霧山=kiriyama 星ヶ浦=hoshigaura 雪乃原=yukinohara 月見坂=tsukimizaka 風早谷=kazahayadani 藤ノ森=fujinomori 水無瀬川=minasegawa 朝霞野=asakano 鶴見台=tsurumidai 若葉沢=wakabasawa 白樺平=shirakabadaira 虹ノ瀬=nijinose",
    "霧山市|東京のどこか|Kiriyama, Japan",
  ),
  tradition(
    true,
    "伟=wei 芳=fang 静怡=jingyi 子轩=zixuan 雨桐=yutong 浩然=haoran 梦瑶=mengyao 俊杰=junjie 晓明=xiaoming 思远=siyuan 佳琪=jiaqi 一诺=yinuo",
    "欧阳=ouyang 司徒=situ 诸葛=zhuge 上官=shangguan 慕容=murong 东方=dongfang 令狐=linghu 夏侯=xiahou 皇甫=huangfu 轩辕=xuanyuan 南宫=nangong 西门=ximen",
    "云海城|杭州附近|Yunhai",
  ),
  tradition(
    false,
    "आरव=aarav अनन्या=ananya विहान=vihaan इशिता=ishita Rohan Meenakshi लैला=laila Farid نور=noor يوسف=yusuf Elif Çağla=cagla",
    "Vasantpuri=vasantpuri Chandrakesh Malhotrani मेघवाल्या=meghwalya Suryanagri الزيتوني=alzaytuni القمري=alqamari Yıldızoğlu=yildizoglu Gökçedere=gokcedere Şahinbey-Ay=sahinbeyay Debnathan Kaveripatti",
    "Vasantpur, India|مدينة الزيتون|Gökçedere, TR",
  ),
];

/** One of all name combinations. Logins are made of it, so combination and login name each other. */
export function nameAt(combination: number): {
  display: string;
  given: NamePart;
  family: NamePart;
  tradition: NameTradition;
} {
  const tradition = element(NAME_TRADITIONS, combination % NAME_TRADITIONS.length);
  const rest = Math.floor(combination / NAME_TRADITIONS.length);
  const given = element(tradition.given, rest % tradition.given.length);
  const family = element(tradition.family, Math.floor(rest / tradition.given.length));
  const display = tradition.familyFirst
    ? `${family.display}${given.display}`
    : `${given.display} ${family.display}`;
  return { display, given, family, tradition };
}

/** How many combinations there are; each tradition has as many given and family names as the others. */
export const NAME_COMBINATIONS = 8 * 12 * 12;

function tradition(familyFirst: boolean, given: string, family: string, places: string): NameTradition {
  return { familyFirst, given: parts(given), family: parts(family), places: places.split("|") };
}

function parts(list: string): NamePart[] {
  return list.split(" ").map((entry) => {
    const [display = entry, ascii] = entry.split("=");
    return { display, ascii: ascii ?? display.toLowerCase() };
  });
}

function element<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`No element ${index}.`);
  return value;
}
